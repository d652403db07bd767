"""The Flask application, and the server it runs in."""
