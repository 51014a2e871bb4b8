"""Identities as a person types them: what is refused, and how an address is folded. Pure."""

import re

from skywrite.contacts.addresses import address_key
from skywrite.kit.errors import Refused

USER_ID, ANONYMOUS_ID, EMAIL = 1, 2, 3  # `identities.kind`
LONGEST = {USER_ID: 500, ANONYMOUS_ID: 500, EMAIL: 320}
WORDS = {USER_ID: "userId", ANONYMOUS_ID: "anonymousId", EMAIL: "email"}
KINDS = {word: kind for kind, word in WORDS.items()}
_EMAIL = re.compile(
    r"[^@\s\x00-\x1f<>\"(),:;\[\]\\]+@[^@\s\x00-\x1f<>\"(),:;\[\]\\.]+(?:\.[^@\s\x00-\x1f<>\"(),:;\[\]\\.]+)*"
)


def fault_of(kind: int, text: str) -> str:
    """Why `text` can't be an identity of `kind`, "" where it can; it has no blanks around."""
    if len(text) > LONGEST[kind]:
        return f"The {WORDS[kind]} is longer than {LONGEST[kind]} characters."
    if kind == EMAIL and (not _EMAIL.fullmatch(text) or ".." in text or text.rpartition("@")[0].startswith(".")):
        return f"{text[:80]!r} is no email address."
    return ""


def key_of(kind: int, text: str) -> str:
    """The form in which an identity is looked up: an address is folded, an id is as it is."""
    return address_key(text) if kind == EMAIL else text.strip()


def checked(kind: int, text: str, where: str) -> str:
    """`text` without blanks around. Raises Refused, naming `where`, for what can't be an identity."""
    text = text.strip()
    fault = fault_of(kind, text) if text else f"The {WORDS[kind]} is empty."
    if fault:
        raise Refused(fault, where=where)
    return text
