"""End users and agents, and how they are found."""
