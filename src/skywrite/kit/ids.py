"""Ids and keys that Skywrite makes itself."""

import base64
import re
import secrets

from skywrite.kit.errors import Refused

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


def number_of(kind: str, given: str, where: str = "") -> int:
    """The number of `list_7`, where `kind` is list. Raises Refused (404) for what is none, or another kind's."""
    found = re.fullmatch(rf"{kind}_([1-9][0-9]{{0,17}})", given)
    if found is None:
        raise Refused(f"There is no {kind} {given[:80]!r}.", where=where or kind, status=404)
    return int(found[1])


def number_meant(kind: str, given: int | str, where: str = "") -> int:
    """The same where the number alone will do: 7, "7" or `template_7`."""
    text = str(given)
    return number_of(kind, f"{kind}_{text}" if text.isdigit() else text, where)
