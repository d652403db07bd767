"""What Meta sends: let in, named, and read whole."""
