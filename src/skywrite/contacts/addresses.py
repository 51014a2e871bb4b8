"""An email address as identities, messages and suppressions compare it. Pure."""

import unicodedata

_LONGEST = 320  # RFC 3696, section 3: 64 of a local part, the sign, 255 of a domain


def fold(email: str) -> str:
    """The form in which addresses are compared: no spaces around it, one form of each accent, lower case.

    RFC 5321 lets a local part tell upper from lower case; no mail service in use does, and people type either.
    """
    return unicodedata.normalize("NFC", email.strip().lower())


def folded(email: object) -> str:
    """The same of anything that a caller sent, "" where it is no address that mail could go to."""
    if not isinstance(email, str):
        return ""
    text = email.strip()
    local, sign, domain = text.rpartition("@")
    if not (sign and local and domain) or len(text) > _LONGEST or not text.isprintable() or " " in text:
        return ""
    return fold(text)
