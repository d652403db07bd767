"""Filing: from lines to tickets and comments."""
