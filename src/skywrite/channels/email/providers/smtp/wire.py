"""What we say to a server: commands, parameters, the content made ready for the wire (RFC 5321, 3461, 6531). Pure."""

import re
from collections.abc import Mapping

from msgspec import Struct

from skywrite.channels.email.carrying import Outgoing
from skywrite.kit.errors import Refused

_XTEXT = re.compile(rb"[^!-*,-<>-~]")
_NO_XTEXT = re.compile(r"[!-*,-<>-~]*")
_PLAIN = re.compile(r"[!-;=?A-~]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_UNSAFE = re.compile(r"[\x00-\x20<>\x7f-\x9f\u2028\u2029]")
_LONGEST = 254  # an address, RFC 5321 section 4.5.3.1.3 as corrected
_LONGEST_LOCAL = 64


class Addresses(Struct, frozen=True):
    """A mail's two addresses as commands have them: domains in lower case and A-labels."""

    sender: str  # "" is the null sender
    recipient: str
    domain: str  # the recipient's
    needs_smtputf8: bool  # one has letters before the @ that plain SMTP cannot say


def addresses_of(mail: Outgoing) -> Addresses:
    """A mail's addresses. Raises Refused where one is none that mail can be sent to."""
    local, domain = _parts(mail.recipient)
    sender = "@".join(_parts(mail.sender)) if mail.sender else ""
    recipient = f"{local}@{domain}"
    return Addresses(sender, recipient, domain, not (sender.isascii() and recipient.isascii()))


def _parts(address: str) -> tuple[str, str]:
    """What stands before the @, and the domain as commands have it."""
    local, sign, domain = address.rpartition("@")
    if _PLAIN.fullmatch(address) and len(address) <= _LONGEST:
        return local, domain.lower()
    if not (sign and local and domain) or _UNSAFE.search(address) or len(address.encode()) > _LONGEST:
        raise Refused(f"{address[:80]!r} is no address that mail can be sent to.")
    if len(local.encode()) > _LONGEST_LOCAL:
        raise Refused("What stands before the @ of an address is no longer than 64 characters.")
    if domain.startswith("["):
        raise Refused("No mail is sent to an address that names a host by its number.")
    try:
        return local, _a_labels(domain)
    except UnicodeError:
        raise Refused(f"{domain[:80]!r} is no domain.") from None


def _a_labels(domain: str) -> str:
    if domain.isascii():
        return domain.lower().rstrip(".")
    import idna  # noqa: PLC0415 - its tables are large, and few addresses need them

    return idna.encode(domain, uts46=True).decode("ascii")


def envelope(
    mail: Outgoing, to: Addresses, size: int, offers: Mapping[str, str], *, asks_success: bool = False
) -> tuple[bytes, bytes]:
    """MAIL and RCPT with the parameters that a server takes; `offers` is what its EHLO named, `size` the content's.

    `asks_success` wants a notice of the delivery too, from whoever sends one (RFC 3461 section 4.1).

    Raises Refused where the mail needs what the server does not offer.
    """
    begin, rcpt = f"MAIL FROM:<{to.sender}>", f"RCPT TO:<{to.recipient}>"
    if "SIZE" in offers:
        begin += f" SIZE={size}"
    if not mail.content.isascii():
        if "8BITMIME" not in offers:
            raise Refused("The mail has 8-bit letters, which this server does not take.")
        begin += " BODY=8BITMIME"
    if to.needs_smtputf8:
        if "SMTPUTF8" not in offers:
            raise Refused(f"{mail.recipient!r} needs SMTPUTF8, which this server does not offer.")
        begin += " SMTPUTF8"
    if "DSN" in offers:
        begin += f" RET=HDRS ENVID={xtext(mail.envelope_id)}" if mail.envelope_id else " RET=HDRS"
        rcpt += f" NOTIFY={'SUCCESS,' if asks_success else ''}FAILURE,DELAY"
        if to.recipient.isascii():
            rcpt += f" ORCPT=rfc822;{xtext(to.recipient)}"
    return f"{begin}\r\n".encode(), f"{rcpt}\r\n".encode()


def xtext(text: str) -> str:
    """Text as a parameter's value has it: all but printable ASCII, `+` and `=` as +HH (RFC 3461 section 4)."""
    if _NO_XTEXT.fullmatch(text):
        return text
    return _XTEXT.sub(lambda found: b"+%02X" % found[0][0], text.encode()).decode("ascii")


def content_lines(content: bytes) -> bytes:
    """A mail's content with its dots doubled and the final dot behind it (RFC 5321 section 4.5.2)."""
    if b"\r\n." in content:
        content = content.replace(b"\r\n.", b"\r\n..")
    if content.startswith(b"."):
        content = b"." + content
    return content + (b".\r\n" if content.endswith(b"\r\n") or not content else b"\r\n.\r\n")


def offers_of(lines: tuple[str, ...]) -> dict[str, str]:
    """The extensions that an answer to EHLO names, each with its words, in capitals."""
    words = [line.upper().replace("AUTH=", "AUTH ").partition(" ") for line in lines[1:]]
    found: dict[str, str] = {}
    for name, _, rest in words:
        found[name] = f"{found[name]} {rest}" if name in found else rest
    return found
