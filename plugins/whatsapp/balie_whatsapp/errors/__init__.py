"""What goes wrong at Meta: codes, what they mean, and what people read."""
