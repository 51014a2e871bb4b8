"""Ids and keys that Skywrite makes itself."""

import base64
import secrets

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def new_id(prefix: str) -> str:
    """A new random id such as `src_7Hq2mZb1T0yKe9Lw` (95 bits); `prefix` names the kind of thing."""
    return f"{prefix}_{random_word(16)}"


def random_word(length: int) -> str:
    """`length` random letters and digits, fit for a write key or a password."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_secret() -> str:
    """A signing secret in the form of Standard Webhooks: `whsec_` and 24 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
