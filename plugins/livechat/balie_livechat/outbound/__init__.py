"""What agents answer, as visitors get it."""
