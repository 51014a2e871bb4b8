"""The command line. Thin: parse, call a room, print. Each group is imported only when it is asked for."""
