"""Where mail for us may go: `b<token>@`, `r<token>@`, `u<token>@`, and the mailboxes for reports. Pure."""

import re

from msgspec import Struct

from skywrite.channels.email.tokens import Purpose, Tokens

_LETTERS = {Purpose.BOUNCE.letter: Purpose.BOUNCE, "r": Purpose.REPLY, "u": Purpose.UNSUBSCRIBE}
MAILBOXES = frozenset({"postmaster", "abuse", "fbl"})
_HEX_RUN = re.compile(r"(?<![0-9a-z])([bru]?)([0-9a-f]{36})(?![0-9a-z])", re.IGNORECASE)


class Mailbox(Struct, frozen=True):
    """What an address is here: a message's, for a purpose, or one that is kept for reports."""

    purpose: Purpose | None = None
    message_id: int | None = None


def mailbox(address: str, tokens: Tokens) -> Mailbox | None:
    """What a recipient's address is; None where there is no such mailbox. Plus addressing is understood."""
    local = address.strip().strip("<>").rpartition("@")[0] or address.strip().strip("<>")
    local = local.strip('"').lower()
    base, _, detail = local.partition("+")
    if MAILBOXES & {local, base, detail}:
        return Mailbox()
    for candidate in (local, detail, base):
        purpose = _LETTERS.get(candidate[:1])
        message_id = tokens.opened(purpose, candidate[1:]) if purpose else None
        if message_id is not None:
            return Mailbox(purpose, message_id)
    return None


def tokens_in(text: str) -> list[tuple[str, str]]:
    """Each string that has a token's form in a text, with the letter before it ("" for none)."""
    return [(letter.lower(), token.lower()) for letter, token in _HEX_RUN.findall(text)]
