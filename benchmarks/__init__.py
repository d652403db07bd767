"""What Balie claims of its speed, measured. Run ``make bench``."""
