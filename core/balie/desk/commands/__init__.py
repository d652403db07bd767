"""What agents command in internal notes: read, carried out, answered."""
