"""What customers send, of every type, and the webhooks that tell of it."""
