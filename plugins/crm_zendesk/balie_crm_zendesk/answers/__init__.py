"""From agents: their answers, commands and decisions."""
