"""What a server's answer means for the mail: by how far the talk had come, its codes, its words. Pure.

Reference: email events, section 5. A 4xx is never final here: who owns the retries says when they end.
"""

import re
from typing import Literal

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.providers.smtp.replies import Reply

BounceClass = Literal["hard", "soft", "block"]

# Enhanced code (a trailing dot: all that begin so) -> class of a final refusal; the longest that fits decides.
_BY_CODE: dict[str, BounceClass] = {
    "5.1.": "hard",
    "5.1.4": "soft",
    "5.1.5": "soft",
    "5.1.7": "block",
    "5.1.8": "block",
    "5.2.": "soft",
    "5.2.1": "hard",
    "5.3.": "soft",
    "5.4.": "soft",
    "5.5.": "soft",
    "5.6.": "block",
    "5.7.": "block",
    "5.7.13": "hard",
    "5.7.17": "hard",
    "5.7.18": "hard",
}
_VAGUE = {"", "5.0.0", "5.5.0", "5.7.1", "5.1.0", "5.2.0", "5.3.0", "5.4.0"}  # codes that words overrule

# What words decide where the code does not; the first that is found counts.
_BY_WORDS: list[tuple[re.Pattern[str], BounceClass]] = [
    (
        re.compile(
            r"user unknown|unknown user|no such (user|person|mailbox|recipient|address)|does not exist|doesn't exist"
            r"|(mailbox|recipient|user|account) (is )?(not found|unknown|invalid)|invalid (recipient|mailbox|address)"
            r"|no mailbox|not our customer|recipientnotfound|(account|mailbox) (has been )?(deleted|closed)"
            r"|(account|mailbox) (is )?(disabled|inactive|suspended)|no longer (active|employed)"
        ),
        "hard",
    ),
    (re.compile(r"quota|mailbox (is )?full|insufficient (disk )?(storage|space)|too (large|big)|exceeds size"), "soft"),
    (
        re.compile(
            r"block|black ?list|spam|reputation|listed|banned|dmarc|\bspf\b|dkim|reverse dns|\bptr\b|polic(y|ies)"
            r"|access denied|relay|not authori[sz]ed|unsolicited|content|prohibited|rejected for"
        ),
        "block",
    ),
]
_FULL = {552, 452}  # "mailbox full" by most, whatever the standard says
_ABOUT_MAILBOX = ("4.1.", "4.2.", "5.1.", "5.2.")


def outcome_of(stage: Stage, reply: Reply, host: str, *, is_final_host: bool) -> Outcome:
    """What an answer to one of a mail's own commands makes of it."""
    result: Literal["taken", "refused", "later"] = "later"
    bounced: Literal["", "hard", "soft", "block"] = ""
    if 200 <= reply.code < 300 and stage is Stage.DOT:
        result = "taken"
    elif reply.code >= 500:
        result, bounced = "refused", class_of(stage, reply)
    return Outcome(
        result, stage, reply.words, reply.code, reply.enhanced, host, is_final_host=is_final_host, bounce_class=bounced
    )


def class_of(stage: Stage, reply: Reply) -> BounceClass:
    """The class of a final refusal: before RCPT it is about us, whatever it says."""
    if stage not in (Stage.RCPT, Stage.DATA, Stage.DOT):
        return "block"
    if reply.enhanced not in _VAGUE:
        return _of_code(reply.enhanced)
    text = reply.text.lower()
    for pattern, found in _BY_WORDS:
        if pattern.search(text):
            return found
    if reply.code in _FULL:
        return "soft"
    if reply.enhanced:
        return _of_code(reply.enhanced)
    return "hard" if stage is Stage.RCPT and reply.code in (550, 551, 553) else "soft"


def _of_code(code: str) -> BounceClass:
    fitting = [known for known in _BY_CODE if code == known or (known.endswith(".") and code.startswith(known))]
    return _BY_CODE[max(fitting, key=len)] if fitting else "soft"


def is_about_us(stage: Stage, reply: Reply) -> bool:
    """Whether an answer that is no yes speaks of us or the whole server rather than of one mailbox."""
    if reply.code == 421 or stage not in (Stage.RCPT, Stage.DATA, Stage.DOT):
        return True
    return 400 <= reply.code < 500 and not reply.enhanced.startswith(_ABOUT_MAILBOX)
