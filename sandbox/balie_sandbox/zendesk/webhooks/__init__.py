"""Webhooks and their signed, retried deliveries."""
