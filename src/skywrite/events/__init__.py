"""What an event is: its forms on the wire and inside, its checks, its times. Pure: no I/O."""
