"""Business rules that run after each ticket write."""
