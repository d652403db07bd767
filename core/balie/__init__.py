"""Balie puts WhatsApp and live chat into the helpdesk a team already has."""
