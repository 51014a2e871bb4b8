"""People: who they are, what is known of them, what they did, the lists and segments they are in."""
