"""Files: customers' into Zendesk, agents' out of it."""
