"""Whether a definition can be used: what its types cannot say, with the path of the part that is wrong. Pure."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from skywrite.contacts.segments.model import (
    DEEPEST,
    MICROS,
    MOST_CONDITIONS,
    MOST_VALUES,
    Between,
    Condition,
    Domain,
    EmailCondition,
    Event,
    Group,
    InSegment,
    Last,
    Moment,
    Older,
    Op,
    Property,
    Subscription,
    Trait,
    When,
)
from skywrite.events.time import parse_time
from skywrite.kit.errors import Refused

# What each comparison needs to be given: "text", "any" (text, number, boolean), "values", "number", "range",
# "date", "days"; "" nothing.
NEEDS = {
    Op.IS: "any",
    Op.IS_NOT: "any",
    Op.CONTAINS: "text",
    Op.CONTAINS_NOT: "text",
    Op.BEGINS: "text",
    Op.ENDS: "text",
    Op.ONE_OF: "values",
    Op.NONE_OF: "values",
    Op.EXISTS: "",
    Op.MISSING: "",
    Op.GREATER: "number",
    Op.LESS: "number",
    Op.BETWEEN: "range",
    Op.IS_TRUE: "",
    Op.IS_FALSE: "",
    Op.BEFORE: "date",
    Op.AFTER: "date",
    Op.IN_LAST: "days",
    Op.IN_NEXT: "days",
    Op.ANNIVERSARY: "days",
}
OF_PROPERTIES = tuple(op for op, need in NEEDS.items() if need not in ("date", "days"))
_LONGEST_ANNIVERSARY = 60
_LARGEST = 10**300  # what every engine compares as a double
_PATH = re.compile(r"\$(.*)`$")
_IDS = ("template_id", "broadcast_id", "list_id", "segment_id", "topic_id")
_ID = re.compile(r"([a-z]+)_([1-9][0-9]{0,17})")  # as the API gives ids
_UNSAID = re.compile(r'["\\\x00-\x1f]')  # what SQLite's JSON paths cannot name


def read(raw: Any) -> Group:
    """The definition in a JSON value. Raises Refused with `where` the path of what is wrong ("definition.of[0].n")."""
    try:
        group = msgspec.convert(_numbered(raw), Group)
    except msgspec.ValidationError as error:
        words, _, place = str(error).partition(" - at `")
        found = _PATH.search(place)
        raise Refused(f"{words}.", where=f"definition{found[1] if found else ''}") from error
    check(group)
    return group


def _numbered(raw: Any, depth: int = 0) -> Any:
    """The same with the numbers of ids that are written as lists, templates and the others give theirs."""
    if not isinstance(raw, dict) or depth > DEEPEST:
        return raw
    plain = dict(raw)
    for name in _IDS:
        found = _ID.fullmatch(plain[name]) if isinstance(plain.get(name), str) else None
        if found is not None and found[1] == name.removesuffix("_id"):
            plain[name] = int(found[2])
    if isinstance(plain.get("of"), list):
        plain["of"] = [_numbered(each, depth + 1) for each in plain["of"]]
    return plain


def check(group: Group) -> None:
    """Raises Refused with `where` the path of the first part that is wrong."""
    if len(list(conditions(group))) > MOST_CONDITIONS:
        raise Refused(f"A segment takes at most {MOST_CONDITIONS} conditions.", where="definition")
    _check_group(group, "definition", 1)


def conditions(group: Group) -> Iterator[Condition]:
    """Every condition of a group and of the groups in it."""
    for node in group.of:
        if isinstance(node, Group):
            yield from conditions(node)
        else:
            yield node


def used_segments(group: Group) -> set[int]:
    """The segments whose members it asks for."""
    return {one.segment_id for one in conditions(group) if isinstance(one, InSegment)}


def _check_group(group: Group, path: str, depth: int) -> None:
    if depth > DEEPEST:
        raise Refused(f"Groups nest at most {DEEPEST} deep.", where=path)
    if not group.of:
        raise Refused("An empty group says nothing: add a condition to it, or remove it.", where=path)
    for index, node in enumerate(group.of):
        place = f"{path}.of[{index}]"
        if isinstance(node, Group):
            _check_group(node, place, depth + 1)
        else:
            _check_condition(node, place)


def _check_condition(one: Condition, path: str) -> None:
    match one:
        case Trait():
            _check_comparison(one, path)
        case Event():
            _check_event(one, path)
        case EmailCondition():
            _check_email(one, path)
        case Moment():
            check_when(one.when, f"{path}.when")
        case Domain(domains=domains):
            if not domains or len(domains) > MOST_VALUES:
                raise Refused(f"Name 1 to {MOST_VALUES} domains.", where=f"{path}.domains")
        case Subscription(state="unsubscribed_topic", topic_id=None):
            raise Refused("Choose the topic.", where=f"{path}.topic_id")


def _check_event(one: Event, path: str) -> None:
    _check_count(one.count.op, one.count.n, path)
    check_when(one.when, f"{path}.when")
    if one.which != "any" and (one.count.op, one.count.n) != ("at_least", 1):
        raise Refused("A first or last time has no count.", where=f"{path}.count")
    for index, prop in enumerate(one.where):
        place = f"{path}.where[{index}]"
        if prop.op not in OF_PROPERTIES:
            raise Refused(f"A property can't be compared by {prop.op.value!r}.", where=f"{place}.op")
        if _UNSAID.search(prop.name):
            raise Refused(
                "A property with a quote or a backslash in its name can't be asked for.", where=f"{place}.name"
            )
        _check_comparison(prop, place)


def _check_email(one: EmailCondition, path: str) -> None:
    _check_count(one.count.op, one.count.n, path)
    check_when(one.when, f"{path}.when")
    if one.link_id is not None and one.activity != "clicked":
        raise Refused("Only a click is of a link.", where=f"{path}.link_id")
    if one.template_id is not None and one.broadcast_id is not None:
        raise Refused("Choose a template or a broadcast, not both.", where=f"{path}.broadcast_id")


def _check_count(op: str, n: int, path: str) -> None:
    if op == "at_least" and n == 0:
        raise Refused("At least 0 times is true of everybody: begin at 1.", where=f"{path}.count.n")


def check_when(when: When, path: str) -> None:
    """Raises Refused where its dates can't be read."""
    if not isinstance(when, Between):
        return
    if when.start is None and when.end is None:
        raise Refused("Give the first or the last day, or both.", where=path)
    for name in ("start", "end"):
        text = getattr(when, name)
        if text is not None and parse_time(text) is None:
            raise Refused(f"{text[:40]!r} is no date: write it as 2026-11-30.", where=f"{path}.{name}")
    low, high = bounds(when, 0)
    if low is not None and high is not None and low >= high:
        raise Refused("The end is before the start.", where=f"{path}.end")


def bounds(when: When, now: int) -> tuple[int | None, int | None]:
    """From when on (included) and until when (excluded), in µs; None where it is open."""
    if isinstance(when, Last):
        return now - when.n * MICROS[when.unit], None
    if isinstance(when, Older):
        return None, now - when.n * MICROS[when.unit]
    if isinstance(when, Between):
        return _moment(when.start), _end(when.end)
    return None, None


def _moment(text: str | None) -> int | None:
    return None if text is None else parse_time(text)


def _end(text: str | None) -> int | None:
    found = _moment(text)
    is_date = text is not None and ":" not in text
    return found + MICROS["days"] if found is not None and is_date else found


def _check_comparison(one: Trait | Property, path: str) -> None:
    need = NEEDS[one.op]
    value = one.value
    if need in ("any", "text", "number", "range", "date") and (value is None or value == ""):
        raise Refused("Give what it is compared with.", where=f"{path}.value")
    if need in ("text", "date") and not isinstance(value, str):
        raise Refused("This comparison takes a text.", where=f"{path}.value")
    if need in ("number", "range") and not _is_number(value):
        raise Refused("This comparison takes a number.", where=f"{path}.value")
    if need == "range" and (not _is_number(one.high) or float(one.high or 0) < float(value or 0)):
        raise Refused("Give the higher end, a number.", where=f"{path}.high")
    if need == "date" and parse_time(value) is None:
        raise Refused(f"{str(value)[:40]!r} is no date: write it as 2026-11-30.", where=f"{path}.value")
    if need == "values" and not 1 <= len(one.values) <= MOST_VALUES:
        raise Refused(f"Give 1 to {MOST_VALUES} values.", where=f"{path}.values")
    for index, given in enumerate([value, *one.values]):
        if isinstance(given, int | float) and abs(given) >= _LARGEST:
            raise Refused("That number is too large.", where=f"{path}.value" if index == 0 else f"{path}.values")
    if need == "days":
        _check_days(one, path)


def _check_days(one: Trait | Property, path: str) -> None:
    days = one.days if isinstance(one, Trait) else None
    if days is None or (days == 0 and one.op != Op.ANNIVERSARY):
        raise Refused("Give the number of days.", where=f"{path}.days")
    if one.op == Op.ANNIVERSARY and days > _LONGEST_ANNIVERSARY:
        raise Refused(f"Anniversaries are told at most {_LONGEST_ANNIVERSARY} days ahead.", where=f"{path}.days")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST
