"""Groups of customers around a business number."""
