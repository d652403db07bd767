"""What agents send: from the parts of an answer to a message that Graph takes."""
