"""Calls between customers and a business number, without the sound."""
