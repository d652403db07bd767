"""The live chat channel: a widget on the tenant's own site."""
