"""The outbox: one row a message, from the moment somebody wants it sent until nothing more can become of it."""
