"""Files on their way in: fetched, named, and taken for what they are."""
