"""Uploads, attachments, and where their bytes are fetched."""
