"""The tracking API: HTTP in, a 200 when it is on disk. What can wait for the pipeline waits."""
