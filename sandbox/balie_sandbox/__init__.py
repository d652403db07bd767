"""Local stand-ins for Meta's Graph API and Zendesk. Imports nothing of balie."""
