"""News as they happen, resumed without a gap."""
