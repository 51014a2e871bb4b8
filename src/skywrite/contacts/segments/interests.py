"""Which news may change what a segment says: all other activities cost it nothing. Pure."""

from msgspec import Struct

from skywrite.contacts.activity import Kind
from skywrite.contacts.segments.check import conditions
from skywrite.contacts.segments.model import Condition, EmailCondition, Event, Group, Moment, OnList, Subscription
from skywrite.contacts.segments.rows import EMAIL_NAMES
from skywrite.events.email import EmailEvent

_OPENED = EmailEvent.OPENED.value


class Interests(Struct, frozen=True):
    """The activities that matter: by their kind and name, by their kind alone ("" as a name), or all of them."""

    named: frozenset[tuple[str, str]]
    all: bool = False

    def has(self, kind: str, name: str) -> bool:
        """Whether such an activity may change the segment's answer about its contact."""
        return self.all or (kind, name) in self.named or (kind, "") in self.named


def interests_of(definition: Group) -> Interests:
    """What a definition is about. What happened to the contact itself (merged, unsubscribed, ...) always matters."""
    found = {(str(Kind.CONTACT), "")}
    everything = False
    for one in conditions(definition):
        everything = everything or (isinstance(one, Moment) and one.what == "seen")
        found |= _of_condition(one)
    return Interests(frozenset(found), everything)


def _of_condition(one: Condition) -> set[tuple[str, str]]:
    match one:
        case Event(kind=kind, name=name):
            return {(kind, name)}
        case EmailCondition(activity=activity):
            return {(str(Kind.EMAIL), name) for name in EMAIL_NAMES.get(activity, (_OPENED,))}
        case Subscription():
            return {(str(Kind.EMAIL), "")}  # a bounce or a complaint suppresses
        case OnList():
            return {(str(Kind.LIST), "")}
    return set()
