"""Music in files: what is read, what is written."""
