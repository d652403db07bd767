"""What a business can send: each type read, checked and carried to the customer's phone."""
