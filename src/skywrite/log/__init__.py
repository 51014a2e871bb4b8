"""The durable event log: append and follow bytes. It knows nothing of what they mean."""
