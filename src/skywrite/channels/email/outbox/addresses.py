"""Email addresses that cannot be written to. Pure."""

import re

_LONGEST, _LONGEST_LOCAL = 254, 64  # RFC 5321, sections 4.5.3.1.3 and 4.5.3.1.1
_FORM = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+@[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f]+")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
# What nearly every address is like, so that one look will do; all others are looked at part by part.
_USUAL = re.compile(r"[a-zA-Z0-9_+-]+(?:\.[a-zA-Z0-9_+-]+)*@(?:[a-zA-Z0-9_]{1,63}\.){0,9}[a-zA-Z0-9_]{1,63}")


def is_writable(email: str) -> bool:
    """Whether mail can be sent to it, as far as its form tells; quoted local parts and address literals are not."""
    if _USUAL.fullmatch(email) and len(email) <= _LONGEST and email.index("@") <= _LONGEST_LOCAL:
        return True
    if not _FORM.fullmatch(email) or len(email.encode("utf-8", "replace")) > _LONGEST:
        return False
    local, _, domain = email.rpartition("@")
    labels = domain.rstrip(".").split(".")
    if len(local.encode("utf-8", "replace")) > _LONGEST_LOCAL or local.startswith(".") or local.endswith("."):
        return False
    return ".." not in local and all(_LABEL.fullmatch(label) for label in labels)
