"""Who may use a Skywrite: users with their sessions and invitations, and API tokens."""
