"""The outbox: one row a message, from queued to what became of it."""
