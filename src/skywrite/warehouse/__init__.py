"""The warehouse: Segment's table and column rules, the loader that follows the log, one module an engine."""
