"""Tickets, their comments and their audits."""
