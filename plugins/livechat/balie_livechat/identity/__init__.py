"""Who a visitor is: sessions, signed identities, what is kept until the next visit."""
