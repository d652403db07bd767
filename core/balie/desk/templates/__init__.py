"""Templates: read from the vendor, found by name, filled in."""
