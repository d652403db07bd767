"""Zendesk Support as a Balie helpdesk."""
