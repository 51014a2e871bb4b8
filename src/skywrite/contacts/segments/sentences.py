"""A definition in words: each condition is a clause that can stand after "Contacts". Pure."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from skywrite.contacts.segments.model import (
    Between,
    Condition,
    Count,
    Domain,
    EmailCondition,
    Event,
    Group,
    Identity,
    InSegment,
    Last,
    Moment,
    Node,
    Older,
    OnList,
    Op,
    Property,
    Subscription,
    Trait,
    When,
)


class Names(Struct, frozen=True):
    """What things are called, by their id; those that are not there are told by their number."""

    lists: Mapping[int, str] = {}
    segments: Mapping[int, str] = {}
    templates: Mapping[int, str] = {}
    broadcasts: Mapping[int, str] = {}
    topics: Mapping[int, str] = {}


_OPS = {
    Op.IS: "is {value}",
    Op.IS_NOT: "is not {value}",
    Op.CONTAINS: "contains {value}",
    Op.CONTAINS_NOT: "does not contain {value}",
    Op.BEGINS: "begins with {value}",
    Op.ENDS: "ends with {value}",
    Op.ONE_OF: "is one of {values}",
    Op.NONE_OF: "is none of {values}",
    Op.EXISTS: "has any value",
    Op.MISSING: "has no value",
    Op.GREATER: "is more than {value}",
    Op.LESS: "is less than {value}",
    Op.BETWEEN: "is between {value} and {high}",
    Op.IS_TRUE: "is true",
    Op.IS_FALSE: "is false",
    Op.BEFORE: "is before {value}",
    Op.AFTER: "is {value} or later",
    Op.IN_LAST: "was in the last {days}",
    Op.IN_NEXT: "is in the next {days}",
}
_DID = {"track": "did", "page": "viewed the page", "screen": "viewed the screen"}
_MAIL = {
    "sent": "were sent",
    "delivered": "received",
    "opened": "opened",
    "clicked": "clicked in",
    "bounced": "had a bounce of",
    "unsubscribed": "unsubscribed by",
    "complained": "marked as spam",
    "replied": "replied to",
}
_SUBSCRIPTION = {
    "subscribed": "can be sent marketing mail",
    "unsubscribed": "unsubscribed from all mail",
    "suppressed": "are on the suppression list",
}
_MATCH = {"all": " and ", "any": " or ", "none": " or "}
_TIMES = {1: "once", 2: "twice"}


def sentence(node: Node, names: Names | None = None) -> str:
    """The condition or group in words, as which contacts it means: "who did “Order Completed” in the last 30 days"."""
    names = names or Names()
    match node:
        case Group(match=match, of=of):
            inner = _MATCH[match].join(_within_group(each, names) for each in of)
            return f"who are none of those ({inner})" if match == "none" else inner
        case Trait():
            return _trait(node)
        case Event():
            return f"who {_event(node)}"
        case EmailCondition():
            return f"who {_email(node, names)}"
    return f"who {_plain(node, names)}"


def _within_group(node: Node, names: Names) -> str:
    said = sentence(node, names)
    return f"({said})" if isinstance(node, Group) and node.match != "none" and len(node.of) > 1 else said


def _plain(node: Condition, names: Names) -> str:
    match node:
        case OnList(list_id=of, op=op):
            return f"are {'' if op == 'on' else 'not '}on the list {_named(names.lists, of, 'list')}"
        case InSegment(segment_id=of, op=op):
            return f"are {'' if op == 'in' else 'not '}in the segment {_named(names.segments, of, 'segment')}"
        case Subscription(state="unsubscribed_topic", topic_id=of):
            return f"unsubscribed from the topic {_named(names.topics, of or 0, 'topic')}"
        case Subscription(state=state):
            return _SUBSCRIPTION[state]
        case Moment(what=what, when=when):
            return f"were {'created' if what == 'created' else 'last seen'}{_when(when)}"
        case Identity(what=what, op=op):
            said = "user ID" if what == "user_id" else "email address"
            article = "no" if op == "missing" else "a" if what == "user_id" else "an"
            return f"have {article} {said}"
        case Domain(domains=domains, op=op):
            return f"have {'an' if op == 'one_of' else 'no'} address at {_listed(domains)}"
    raise TypeError(node)


def _trait(one: Trait) -> str:
    if one.op == Op.ANNIVERSARY:
        ahead = f" or in the next {_days(one.days)}" if one.days else ""
        return f"whose {one.name} has its anniversary today{ahead}"
    return f"whose {one.name} {_compared(one)}"


def _compared(one: Trait | Property) -> str:
    days = _days(one.days) if isinstance(one, Trait) else ""
    return _OPS[one.op].format(value=_value(one.value), values=_listed(one.values), high=one.high, days=days)


def _event(one: Event) -> str:
    where = " and ".join(f"{each.name} {_compared(each)}" for each in one.where)
    did = f"{_DID[one.kind]} “{one.name}”{f' where {where}' if where else ''}"
    if one.which != "any":
        return f"{did} for the {one.which} time{_when(one.when)}"
    return _often(did, one.count) + _when(one.when)


def _email(one: EmailCondition, names: Names) -> str:
    mail = "any mail"
    if one.template_id is not None:
        mail = f"the template {_named(names.templates, one.template_id, 'template')}"
    if one.broadcast_id is not None:
        mail = f"the broadcast {_named(names.broadcasts, one.broadcast_id, 'broadcast')}"
    did = _MAIL[one.activity] if one.link_id is None else f"clicked the link “{one.link_id}” of"
    return _often(f"{did} {mail}", one.count) + _when(one.when)


def _often(did: str, count: Count) -> str:
    """What was done, with how often: "never did that", "did that at most twice"."""
    if count.n == 0:
        return f"never {did}"
    if count == Count():
        return did
    return f"{did} {count.op.replace('_', ' ')} {_TIMES.get(count.n, f'{count.n} times')}"


def _named(names: Mapping[int, str], number: int, kind: str) -> str:
    return f"“{names[number]}”" if number in names else f"{kind}_{number}"


def _when(when: When) -> str:
    match when:
        case Last(n=n, unit=unit):
            return f" in the last {unit.removesuffix('s') if n == 1 else _amount(n, unit)}"
        case Older(n=n, unit=unit):
            return f" more than {_amount(n, unit)} ago"
        case Between(start=start, end=None):
            return f" since {start}"
        case Between(start=None, end=end):
            return f" until {end}"
        case Between(start=start, end=end):
            return f" between {start} and {end}"
    return ""


def _amount(n: int, unit: str) -> str:
    return f"{n} {unit.removesuffix('s') if n == 1 else unit}"


def _days(days: int | None) -> str:
    return _amount(days or 0, "days")


def _value(value: Any) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value).lower()


def _listed(values: list[Any]) -> str:
    return ", ".join(_value(value) for value in values)
