"""Email: templates, the outbox, sending by providers, and what is observed of each mail."""
