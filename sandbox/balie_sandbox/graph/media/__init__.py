"""Files of messages: uploaded, received, fetched by link, and served for five minutes."""
