"""Skywrite: customer events from any Segment SDK into a warehouse and tools, each exactly once."""

__version__ = "0.1.0"
