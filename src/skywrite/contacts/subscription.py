"""Whether mail may go to a contact, by the suppressions of their addresses. Pure."""

from collections.abc import Iterable

from msgspec import Struct

EVERYWHERE = "all"
BY_CHOICE = ("unsubscribed", "manual", "imported")
_STATE_OF = {
    **dict.fromkeys(BY_CHOICE, "unsubscribed"),
    "hard_bounce": "bounced",
    "repeated_soft": "bounced",
    "complaint": "complained",
    "erased": "unsubscribed",
}
_WEIGHT = ("complained", "bounced", "unsubscribed")


class Suppression(Struct, frozen=True):
    """Why not to write to an address: everywhere, or about one topic; `since` in µs."""

    address: str
    scope: str  # "all", or a topic's id
    topic: str  # the topic's name, "" for everywhere
    reason: str
    since: int
    evidence: str


def state_of(address: str | None, suppressions: Iterable[Suppression]) -> str:
    """subscribed, unsubscribed, bounced, complained, or none for a contact without an address."""
    if not address:
        return "none"
    states = {_STATE_OF.get(each.reason, "unsubscribed") for each in suppressions if each.scope == EVERYWHERE}
    return next((state for state in _WEIGHT if state in states), "subscribed")
