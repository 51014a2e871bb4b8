"""An email address as identities and suppressions compare it. Pure."""

_LONGEST = 320  # RFC 3696, section 3: 64 of a local part, the sign, 255 of a domain


def folded(email: object) -> str:
    """The address without the spaces around it and in lower case, "" where it is none that mail could go to.

    RFC 5321 lets a local part tell upper from lower case; no mail service in use does, and people type either.
    """
    if not isinstance(email, str):
        return ""
    text = email.strip()
    local, sign, domain = text.rpartition("@")
    if not (sign and local and domain) or len(text) > _LONGEST or not text.isprintable() or " " in text:
        return ""
    return text.lower()
