"""From what a channel reported to what stands in a ticket."""
