"""The FIT format: the columnar decoder and the small writer."""
