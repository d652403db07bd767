"""A stand-in for one Zendesk Support account: users, tickets, search, triggers and webhooks."""
