"""SMTP: straight to the recipients' servers, or through a relay."""
