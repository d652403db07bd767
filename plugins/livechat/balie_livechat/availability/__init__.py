"""When somebody is there: opening hours, holidays, the present load."""
