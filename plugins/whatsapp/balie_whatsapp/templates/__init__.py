"""Message templates: listed, handed in, previewed, filled in."""
