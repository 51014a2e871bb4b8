"""The demo's mail server: real SMTP on loopback, and a page that shows each mail as its reader would see it."""
