"""What the desk keeps: its tables, and the reading and writing of them."""
