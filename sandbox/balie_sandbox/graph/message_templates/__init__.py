"""Message templates: kept, reviewed, paused, and filled in when they are sent."""
