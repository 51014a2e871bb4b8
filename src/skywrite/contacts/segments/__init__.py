"""Segments: conditions, their SQL, and keeping their members true."""
