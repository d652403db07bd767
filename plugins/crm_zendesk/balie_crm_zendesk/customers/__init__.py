"""Zendesk's users as customers: found, made, kept current."""
