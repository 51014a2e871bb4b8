"""Smart segments: what one is defined by, its SQL, and how it is kept true."""
