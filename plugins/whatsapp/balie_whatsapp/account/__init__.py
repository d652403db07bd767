"""What Meta tells of the account: notices for the admin."""
