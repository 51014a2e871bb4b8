"""The email channel's settings."""
