"""What we say to a server: commands, parameters, the content made ready for the wire (RFC 5321, 3461, 6531). Pure."""

import re
from collections.abc import Mapping

from skywrite.channels.email.carrying import Outgoing
from skywrite.kit.errors import Refused

_XTEXT = re.compile(rb"[^!-*,-<>-~]")
_UNSAFE = re.compile(r"[\x00-\x20<>\x7f-\x9f\u2028\u2029]")
_LONGEST = 254  # an address, RFC 5321 section 4.5.3.1.3 as corrected
_LONGEST_LOCAL = 64


def domain_of(address: str) -> str:
    """The domain of an address as DNS and servers have it: lower case, A-labels. Raises Refused for what is none."""
    local, sign, domain = address.rpartition("@")
    if not (sign and local and domain) or _UNSAFE.search(address) or len(address.encode()) > _LONGEST:
        raise Refused(f"{address[:80]!r} is no address that mail can be sent to.")
    if len(local.encode()) > _LONGEST_LOCAL:
        raise Refused("What stands before the @ of an address is no longer than 64 characters.")
    if domain.startswith("["):
        raise Refused("No mail is sent to an address that names a host by its number.")
    if domain.isascii():
        return domain.lower().rstrip(".")
    import idna  # noqa: PLC0415 - its tables are large, and few addresses need them

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise Refused(f"{domain[:80]!r} is no domain.") from None


def on_the_wire(address: str) -> str:
    """An address as a command has it: its domain in A-labels. Raises as `domain_of`; "" is the null sender."""
    return f"{address.rpartition('@')[0]}@{domain_of(address)}" if address else ""


def needs_smtputf8(mail: Outgoing) -> bool:
    """Whether one of its addresses has letters before the @ that plain SMTP cannot say."""
    return not (mail.sender.rpartition("@")[0].isascii() and mail.recipient.rpartition("@")[0].isascii())


def envelope(mail: Outgoing, offers: Mapping[str, str]) -> tuple[bytes, bytes]:
    """MAIL and RCPT with the parameters that a server takes; `offers` is what its EHLO named.

    Raises Refused where the mail needs what the server does not offer.
    """
    sender, recipient = on_the_wire(mail.sender), on_the_wire(mail.recipient)
    mail_words, rcpt_words = [f"MAIL FROM:<{sender}>"], [f"RCPT TO:<{recipient}>"]
    if "SIZE" in offers:
        mail_words.append(f"SIZE={len(mail.content)}")
    if not mail.content.isascii():
        if "8BITMIME" not in offers:
            raise Refused("The mail has 8-bit letters, which this server does not take.")
        mail_words.append("BODY=8BITMIME")
    if needs_smtputf8(mail):
        if "SMTPUTF8" not in offers:
            raise Refused(f"{mail.recipient!r} needs SMTPUTF8, which this server does not offer.")
        mail_words.append("SMTPUTF8")
    if "DSN" in offers:
        mail_words.append("RET=HDRS")
        if mail.envelope_id:
            mail_words.append(f"ENVID={xtext(mail.envelope_id)}")
        rcpt_words.append("NOTIFY=FAILURE,DELAY")
        if recipient.isascii():
            rcpt_words.append(f"ORCPT=rfc822;{xtext(recipient)}")
    return " ".join(mail_words).encode() + b"\r\n", " ".join(rcpt_words).encode() + b"\r\n"


def xtext(text: str) -> str:
    """Text as a parameter's value has it: all but printable ASCII, `+` and `=` as +HH (RFC 3461 section 4)."""
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
