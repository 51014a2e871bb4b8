"""One module a destination: its settings, and a request out of events."""
