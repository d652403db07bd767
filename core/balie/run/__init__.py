"""Processes: settings, wiring, queue, clock, logging, metrics, server."""
