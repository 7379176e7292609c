"""Line drawings of the exercises: poses as angles, drawn as outlines of one stroke width."""
