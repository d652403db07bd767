"""Tenants, their connections, and the secrets these hold."""
