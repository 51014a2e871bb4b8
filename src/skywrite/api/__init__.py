"""The management API, its live streams, and the web UI's files. Thin: parse, call a room, answer."""
