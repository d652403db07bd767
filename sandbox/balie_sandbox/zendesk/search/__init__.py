"""The search index, which lags behind writes."""
