"""Signing in to Zendesk."""
