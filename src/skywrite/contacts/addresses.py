"""Email addresses as everything compares them: identities, messages, suppressions. The one place that decides. Pure."""

import hashlib
import unicodedata

import idna

_LONGEST = 320  # RFC 3696, section 3: 64 of a local part, the sign, 255 of a domain
_LONGEST_LABEL = 63  # RFC 1035, section 2.3.4
ERASED_FROM, ERASED_BEFORE = "sha256:", "sha256;"  # where the addresses of erased contacts stand among all


def folded(email: object) -> str:
    """The address as `address_key` has it, "" where it is none that mail could go to."""
    if not isinstance(email, str):
        return ""
    text = email.strip()
    local, sign, domain = text.rpartition("@")
    if not (sign and local and domain) or len(text) > _LONGEST or not text.isprintable() or " " in text:
        return ""
    return address_key(text)


def address_key(text: str) -> str:
    """The form in which addresses are compared, of any text: no blanks around, lower case, one spelling of a domain.

    RFC 5321 lets a local part tell upper from lower case; no mail service in use does, and people type either. Dots
    and `+tags` stay: what they mean is the mailbox's own affair. A domain is compared by its letters (RFC 5890:
    U-labels), without the dot that may end it.
    """
    text = text.strip().lower()
    if text.isascii() and "xn--" not in text and not text.endswith("."):
        return text
    local, sign, domain = unicodedata.normalize("NFC", text).rpartition("@")
    return local + sign + ".".join(_letters(label) for label in domain.rstrip(".").split(".")) if sign else domain


def _letters(label: str) -> str:
    if not label.startswith("xn--") or not label.isascii() or len(label) > _LONGEST_LABEL:
        return label
    try:
        return idna.ulabel(label)
    except idna.IDNAError:
        return label


def erased(address: str) -> str:
    """What is kept of a compared address when its contact is erased: enough to know it again, not to read it."""
    return ERASED_FROM + hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()
