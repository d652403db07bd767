"""The domain: people, conversations, messages, and the relay from channel to helpdesk and back."""
