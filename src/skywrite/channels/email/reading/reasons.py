"""Why mail comes back, as data: enhanced codes, and words in many languages -> reason -> class (docs/mail-reading.md).

A phrase is looked for without case and with white space collapsed; ` * ` in it stands for anything up to 40 characters.
The first row that fits decides, so what is specific stands above what is general.
"""

from skywrite.channels.email.carrying import Stage
from skywrite.channels.email.reading.model import BounceClass
from skywrite.channels.email.reading.words import phrases

HARD, SOFT, BLOCK = BounceClass.HARD, BounceClass.SOFT, BounceClass.BLOCK

# reason -> (class, what it means)
REASONS: dict[str, tuple[BounceClass, str]] = {
    "user_unknown": (HARD, "There is no such mailbox."),
    "disabled": (HARD, "The mailbox exists and is closed: disabled, suspended, expired."),
    "moved": (HARD, "The mailbox has moved, or has a new owner."),
    "domain": (HARD, "The domain does not exist."),
    "no_mail": (HARD, "The domain says that it takes no mail (null MX)."),
    "paused": (SOFT, "The mailbox is closed for a time."),
    "full": (SOFT, "The mailbox or its server has no room."),
    "too_big": (SOFT, "The message is too big; the template's fault."),
    "loop": (SOFT, "The message went in circles."),
    "expired": (SOFT, "Tried until the time was up."),
    "network": (SOFT, "The server could not be reached, or hung up."),
    "system": (SOFT, "The server has a trouble of its own."),
    "protocol": (SOFT, "Two servers did not understand each other."),
    "refused": (SOFT, "Refused, and nothing says why."),
    "rate": (SOFT, "Too much mail at once: slow down."),
    "flood": (BLOCK, "Refused for too much mail from us."),
    "reputation": (BLOCK, "Our address or domain is on a list."),
    "authentication": (BLOCK, "SPF, DKIM, DMARC or the reverse name failed."),
    "spam": (BLOCK, "The message looks like spam."),
    "virus": (BLOCK, "The message, or what is attached, is held to be harmful."),
    "content": (BLOCK, "The message's form or content is refused."),
    "sender": (BLOCK, "Our sender's address is refused."),
    "relay": (BLOCK, "The server does not take mail for this recipient from us."),
    "policy": (BLOCK, "A rule of the receiver refuses it."),
}

# Enhanced code (RFC 3463 and its registry; Microsoft's own), the first digit left out -> reason.
CODES: dict[str, str] = {
    "1.1": "user_unknown",
    "1.2": "domain",
    "1.3": "user_unknown",
    "1.4": "refused",
    "1.6": "moved",
    "1.7": "sender",
    "1.8": "sender",
    "1.10": "no_mail",
    "1.90": "rate",
    "2.0": "refused",
    "2.1": "disabled",
    "2.2": "full",
    "2.3": "too_big",
    "2.4": "system",
    "2.121": "rate",
    "2.122": "rate",
    "3.0": "system",
    "3.1": "full",
    "3.2": "system",
    "3.3": "system",
    "3.4": "too_big",
    "3.5": "system",
    "4.0": "network",
    "4.1": "network",  # Microsoft's edge says it of unknown users: words decide
    "4.2": "network",
    "4.3": "network",
    "4.4": "network",  # hard only where words say that the domain does not exist
    "4.5": "system",
    "4.6": "loop",
    "4.7": "expired",
    "4.14": "loop",
    "4.300": "expired",
    "4.310": "network",
    "4.311": "network",
    "4.312": "network",
    "4.316": "expired",
    "5.0": "protocol",
    "5.1": "protocol",
    "5.2": "protocol",
    "5.3": "protocol",
    "5.4": "protocol",
    "5.5": "protocol",
    "5.6": "protocol",
    "6": "content",
    "7": "policy",
    "7.8": "policy",
    "7.13": "disabled",
    "7.17": "moved",
    "7.18": "moved",
    "7.20": "authentication",
    "7.21": "authentication",
    "7.22": "authentication",
    "7.23": "authentication",
    "7.24": "authentication",
    "7.25": "authentication",
    "7.26": "authentication",
    "7.27": "sender",
    "7.28": "flood",
    "7.515": "authentication",
    "7.705": "flood",
    "7.708": "reputation",
    "7.750": "reputation",
}

# Codes that say little: words may overrule them, both ways. So may they every code whose last number is 0.
CATCH_ALLS = {"5.0.0", "5.5.0", "4.0.0", "5.7.1", "4.7.1"}

_SURE = frozenset(
    {
        "user_unknown",
        "disabled",
        "paused",
        "moved",
        "full",
        "too_big",
        "domain",
        "no_mail",
        "spam",
        "virus",
        "reputation",
    }
)

# Reason that a code gives -> reasons that words may give instead: such codes are often used wrongly.
DOUBTED: dict[str, frozenset[str]] = {
    "user_unknown": frozenset(
        {"full", "disabled", "paused", "moved", "domain", "rate", "reputation", "spam", "authentication"}
    ),
    "disabled": frozenset({"paused", "full", "user_unknown", "rate", "spam", "reputation"}),
    "domain": frozenset({"user_unknown", "network", "no_mail"}),
    "network": _SURE | {"expired", "rate", "loop", "authentication", "policy", "relay"},
    "system": _SURE | {"expired", "rate", "loop", "authentication", "relay", "network", "policy"},
    "protocol": _SURE | {"expired", "rate", "loop", "authentication", "relay", "sender", "network", "policy"},
    "refused": _SURE | {"expired", "rate", "loop", "authentication", "relay", "sender", "network", "policy", "system"},
    "no_mail": frozenset({"user_unknown", "domain", "disabled", "full"}),
    "expired": frozenset({"full", "domain", "no_mail"}),
    "content": frozenset({"spam", "virus", "user_unknown", "too_big"}),
    "full": frozenset({"rate", "too_big"}),
    "policy": frozenset({"spam", "virus", "reputation", "authentication", "rate", "relay"}),
}

# Words that tell how far the talk had come. Before RCPT a refusal is of us, whatever it says; after it of the mail,
# where nothing else says why.
STEPS: tuple[tuple[Stage, tuple[str, ...]], ...] = (
    (
        Stage.CONNECT,
        phrases(
            """
            after initial connection | [connect] | in reply to initial greeting | refused to talk to me |
            while receiving the initial server greeting | in reply to banner
            """
        ),
    ),
    (
        Stage.HELO,
        phrases(
            """
            in reply to ehlo | in reply to helo | after ehlo | after helo | while performing the ehlo |
            while performing the helo | [helo] | did not like our ehlo
            """
        ),
    ),
    (
        Stage.MAIL,
        phrases(
            """
            in reply to mail from | after mail from | [mail_from] | did not like our mail from |
            response to mail from | smtp:mail host
            """
        ),
    ),
    (
        Stage.DOT,
        phrases(
            """
            in reply to end of data | in reply to data | after end of data | after data | after text command |
            end of message | [data] | [data_end] | did not like our data | response to data |
            body of message generated response | for text command | failed after i sent the message |
            smtp:data host
            """
        ),
    ),
)

# What some servers say whatever the cause; left out before words are looked for.
BOILERPLATE = phrases(
    """
    unknown address error | giving up on | i've given up | does not like recipient | antivirus | anti-virus |
    scanned for viruses | checked for viruses | checked by | no virus found | virus-free | free of viruses |
    virus scanner |
    virus database | here is listed | if you received this in error | will not continue trying
    """
)

# SMTP replies that mean something by themselves, once code and words are silent.
REPLIES: dict[str, str] = {
    "421": "network",
    "422": "full",
    "431": "full",
    "432": "system",
    "441": "network",
    "442": "network",
    "446": "loop",
    "447": "expired",
    "450": "refused",
    "451": "system",
    "452": "full",
    "521": "no_mail",
    "550": "user_unknown",
    "551": "user_unknown",
    "552": "full",
    "553": "user_unknown",
    "554": "policy",
    "556": "no_mail",
}
