"""WhatsApp Cloud API as a Balie channel."""
