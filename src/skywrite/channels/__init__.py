"""How a message reaches a person: rendered, sent, observed."""
