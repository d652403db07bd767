"""E-mail: letters to customers who have left, and nothing that comes in."""
