"""Who carries a mail: one module or folder a provider; SMTP is the first."""
