"""The links by which people come in."""


def welcome_link(base_url: str, token: str) -> str:
    """Where an invitation's link leads: a page that asks for a password."""
    return f"{base_url}/welcome?token={token}"
