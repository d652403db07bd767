"""What Zendesk holds of a person: told, and erased."""
