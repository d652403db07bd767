"""What happens to accounts and numbers, and how Meta tells of it."""
