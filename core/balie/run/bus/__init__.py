"""Wake-ups for those who listen: within this process, and over Redis or PostgreSQL between all."""
