"""What the worker processes do: each role follows a log, or a table, until it is told to stop."""
