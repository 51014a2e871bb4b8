"""Whose fault a refusal is, by the reading of bounces: the address's (hard), the moment's (soft), or ours (block)."""

import re
from typing import Literal

from skywrite.channels.email.carrying import Stage

BounceClass = Literal["hard", "soft", "block"]

_OURS = frozenset({Stage.CONNECT, Stage.HELO, Stage.TLS, Stage.AUTH, Stage.MAIL})  # 5xx there is about the sender
_CODES: dict[BounceClass, re.Pattern[str]] = {
    "hard": re.compile(r"\d\.1\.(1|2|3|6|10)|5\.2\.1|5\.7\.(13|17|18)"),
    "soft": re.compile(r"\d\.(1\.4|2\.[0234]|3\.[0-5]|4\.\d+|5\.\d+)"),
    "block": re.compile(r"\d\.(1\.[78]|6\.\d+|7\.\d+)"),
}
_CATCH_ALLS = frozenset({"", "5.0.0", "5.5.0", "5.7.1", "5.1.0", "4.0.0", "5.4.1"})
_WORDS: dict[BounceClass, re.Pattern[str]] = {
    "hard": re.compile(
        r"user unknown|unknown user|no such (user|person|mailbox|recipient)|mailbox (not found|unavailable|does not"
        r" exist)|recipient (address )?rejected: (user|undeliverable)|invalid (recipient|mailbox|address)"
        r"|user not found|does not exist|account (has been )?(deleted|closed)|(account|mailbox) (is )?disabled"
        r"|no longer (active|employed)|host not found|no such domain|null mx|nxdomain"
    ),
    "soft": re.compile(r"quota|mailbox (is )?full|insufficient (disk )?storage|out of (disk )?space|try again later"),
    "block": re.compile(
        r"spam|block(ed|list)|blacklist|reputation|listed (at|in)|dmarc|\bspf\b|dkim|unauthenticated|policy"
        r"|not authori[sz]ed|access denied|relay|prohibited|banned|unsolicited|reverse dns"
    ),
}


def bounce_class(stage: Stage, code: int, enhanced: str, text: str) -> BounceClass:
    """The class of a final refusal: of the stage at which it came, the SMTP reply, the enhanced code, and its words."""
    words = " ".join(text.lower().split())
    said = next((meant for meant, phrases in _WORDS.items() if phrases.search(words)), None)
    if stage in _OURS and code:
        return "block"
    if enhanced in _CATCH_ALLS and said:
        return said
    by_code = next((meant for meant, codes in _CODES.items() if codes.fullmatch(enhanced)), None)
    if by_code or said:
        return by_code or said or "soft"
    if code == 552:  # mailbox full, or once: too many recipients (RFC 5321, section 4.5.3.1.10)
        return "soft"
    return "hard" if stage in (Stage.RCPT, Stage.LOOKUP) and code // 100 == 5 else "block" if code else "soft"
