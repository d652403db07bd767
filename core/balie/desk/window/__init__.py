"""The service window: how long we may answer freely, and who is told that it closes."""
