"""The routes that the widget talks to."""
