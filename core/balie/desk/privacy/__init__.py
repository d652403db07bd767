"""What is held of a person: found, given, erased, and kept no longer than it is to be."""
