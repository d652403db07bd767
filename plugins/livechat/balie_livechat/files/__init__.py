"""Files of visitors: taken in, named, given out."""
