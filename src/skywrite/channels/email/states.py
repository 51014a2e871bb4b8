"""The states of a message, and how what is observed moves it from one to another. Pure.

A state is how far the sending came. What people did with the mail (opened, clicked, replied, ...) stands beside it,
in times of its own, and changes no state but one that is not certain: who opens a mail has it.
"""

from enum import StrEnum


class MessageState(StrEnum):
    """How far a message came."""

    QUEUED = "queued"
    SENDING = "sending"  # claimed by a sender
    SENT = "sent"  # a relay took it; what becomes of it there is not known yet
    DELIVERED = "delivered"  # the receiving server took it
    DEFERRED = "deferred"  # put off by a server: it is tried again, or the relay does so
    BOUNCED = "bounced"
    REJECTED = "rejected"  # not sent at all: suppressed, sent already, cannot be rendered, cancelled
    UNKNOWN = "unknown"  # a crash or a lost connection after DATA: it may or may not have arrived


class Observed(StrEnum):
    """What moves a message."""

    CLAIMED = "claimed"
    RELAYED = "relayed"  # 250 of a smarthost
    DELIVERED = "delivered"  # 250 of the recipient's server, a DSN that says so, a provider's webhook
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    REJECTED = "rejected"
    LOST = "lost"  # nobody can tell whether it was taken
    SEEN = "seen"  # opened, clicked, replied, complained or unsubscribed from: it has arrived


_S, _O = MessageState, Observed

# (state now, what was observed) -> state after; what is not listed changes nothing.
STATUS_AFTER: dict[tuple[MessageState, Observed], MessageState] = {
    (_S.QUEUED, _O.CLAIMED): _S.SENDING,
    (_S.QUEUED, _O.REJECTED): _S.REJECTED,
    (_S.DEFERRED, _O.CLAIMED): _S.SENDING,
    (_S.DEFERRED, _O.REJECTED): _S.REJECTED,
    (_S.DEFERRED, _O.DELIVERED): _S.DELIVERED,
    (_S.DEFERRED, _O.BOUNCED): _S.BOUNCED,
    (_S.SENDING, _O.RELAYED): _S.SENT,
    (_S.SENDING, _O.DELIVERED): _S.DELIVERED,
    (_S.SENDING, _O.DEFERRED): _S.DEFERRED,
    (_S.SENDING, _O.BOUNCED): _S.BOUNCED,
    (_S.SENDING, _O.REJECTED): _S.REJECTED,
    (_S.SENDING, _O.LOST): _S.UNKNOWN,
    (_S.SENT, _O.DELIVERED): _S.DELIVERED,
    (_S.SENT, _O.BOUNCED): _S.BOUNCED,
    (_S.DELIVERED, _O.BOUNCED): _S.BOUNCED,  # some servers take a mail first and bounce it later
    (_S.UNKNOWN, _O.DELIVERED): _S.DELIVERED,
    (_S.UNKNOWN, _O.BOUNCED): _S.BOUNCED,
    (_S.UNKNOWN, _O.SEEN): _S.DELIVERED,
}


def after(state: MessageState, observed: Observed) -> MessageState:
    """The state once this is observed."""
    return STATUS_AFTER.get((state, observed), state)
