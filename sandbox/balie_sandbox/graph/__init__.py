"""Meta's Graph API as far as WhatsApp's Cloud API goes, and the customers' phones."""
