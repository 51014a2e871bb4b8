"""What a server's answer means for the mail: by how far the talk had come, and its codes. Pure.

A 4xx is never final here: who owns the retries says when they end, and what a refusal says of the address.
"""

from typing import Literal

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.providers.smtp.replies import Reply

_ABOUT_MAILBOX = ("4.1.", "4.2.", "5.1.", "5.2.")


def outcome_of(stage: Stage, reply: Reply, host: str, *, is_final_host: bool) -> Outcome:
    """What an answer to one of a mail's own commands makes of it."""
    result: Literal["taken", "refused", "later"] = "later"
    if 200 <= reply.code < 300 and stage is Stage.DOT:
        result = "taken"
    elif reply.code >= 500:
        result = "refused"
    return Outcome(result, stage, reply.words, reply.code, reply.enhanced, host, is_final_host=is_final_host)


def is_about_us(stage: Stage, reply: Reply) -> bool:
    """Whether an answer that is no yes speaks of us or the whole server rather than of one mailbox."""
    if reply.code == 421 or stage not in (Stage.RCPT, Stage.DATA, Stage.DOT):
        return True
    return 400 <= reply.code < 500 and not reply.enhanced.startswith(_ABOUT_MAILBOX)
