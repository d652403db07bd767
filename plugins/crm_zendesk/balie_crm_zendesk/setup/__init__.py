"""Setting up: what has to be there at Zendesk, made and put right."""
