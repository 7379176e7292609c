"""What is told, to whom, when: letters written, queued, delivered and answered."""
