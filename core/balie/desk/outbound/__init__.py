"""From what an agent answered to what a customer received."""
