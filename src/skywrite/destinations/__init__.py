"""The catalog of destinations: a request out of events each, no retries and no queues."""
