"""Trying a connection and setting it up at Meta."""
