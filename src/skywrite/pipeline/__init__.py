"""How the log is followed: dedupe, what was seen, delivery. It knows no vendor."""
