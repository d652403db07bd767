"""OAuth clients and tokens, the older API token, and who is calling."""
