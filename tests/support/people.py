"""A small population for segments, and the plainest reading of what a segment says of one person.

`meets` is the definition of each condition's meaning: the compiled SQL is held to it.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert

from skywrite.contacts.segments import model
from skywrite.contacts.segments.check import bounds
from skywrite.contacts.trait_rows import rows_of
from skywrite.events.time import parse_time
from skywrite.kit.time import to_datetime
from skywrite.store import contact_tables as tables
from skywrite.store import mail_tables

NOW = 1_795_450_295_423_000  # 2026-11-23T16:11:35.423Z
DAY = 86_400_000_000
TIMES = ("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "replied")
EVENT_OF = {
    "sent": "Email Sent",
    "delivered": "Email Delivered",
    "opened": "Email Opened",
    "clicked": "Email Clicked",
    "bounced": "Email Bounced",
    "unsubscribed": "Email Unsubscribed",
    "complained": "Email Marked as Spam",
    "replied": "Email Replied",
}


@dataclass
class Did:
    """Something that a person did."""

    name: str = "Order Completed"
    at: int = NOW
    properties: dict[str, Any] = field(default_factory=dict)
    kind: str = "track"


@dataclass
class Mail:
    """A mail to a person, and when what became of it; a click is of `link`."""

    template: int = 1
    broadcast: int | None = None
    times: dict[str, int] = field(default_factory=dict)
    link: str = "link1"
    clicked_by_machine: bool = False


@dataclass
class Person:
    """A contact with all that a segment may ask for."""

    traits: dict[str, Any] = field(default_factory=dict)
    did: list[Did] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    lists: set[int] = field(default_factory=set)
    segments: set[int] = field(default_factory=set)
    email: str | None = None
    user_id: str | None = None
    suppressed: set[tuple[str, str]] = field(default_factory=set)  # (scope, reason)
    created: int = NOW
    seen: int = NOW


# ---- into the tables -----------------------------------------------------------------------------------------


def put_people(connection: Connection, people: dict[int, Person]) -> None:
    """Write them into the tables, by their ids; the lists and segments that they are in as well."""
    for kind, made in (("lists", tables.lists), ("segments", tables.segments)):
        for one in sorted({each for person in people.values() for each in getattr(person, kind)}):
            connection.execute(insert(made).values(id=one, name=f"{kind} {one}", created_at=NOW, **_OTHERS[kind]))
    for identifier, person in people.items():
        _put(connection, identifier, person)


_OTHERS: dict[str, dict[str, Any]] = {
    "lists": {},
    "segments": {
        "definition": {"match": "all", "of": [{"type": "identity", "what": "email"}]},
        "streams": False, "state": "ready", "reason": "", "members": 0, "kept_upto": NOW, "updated_at": NOW,
    },
}  # fmt: skip


def _put(connection: Connection, identifier: int, person: Person) -> None:
    row = {"email": person.email, "email_key": person.email, "user_id": person.user_id, "traits": person.traits}
    times = {"created_at": person.created, "updated_at": NOW, "seen_at": person.seen}
    connection.execute(insert(tables.contacts).values(id=identifier, **row, **times))
    put_traits(connection, identifier, person.traits)
    for did in person.did:
        put_event(connection, identifier, did)
    for mail in person.mails:
        _put_mail(connection, identifier, person, mail)
    for one in person.lists:
        connection.execute(insert(tables.list_members).values(list_id=one, contact_id=identifier, added_at=NOW))
    for one in person.segments:
        connection.execute(insert(tables.segment_members).values(segment_id=one, contact_id=identifier, since=NOW))
    for scope, reason in person.suppressed if person.email else ():
        row = {"address": person.email, "scope": scope, "reason": reason, "since": NOW, "evidence": ""}
        connection.execute(insert(mail_tables.suppressions).values(row))


def put_traits(connection: Connection, identifier: int, traits: dict[str, Any]) -> None:
    """The traits of a contact as rows."""
    for (name, item), (text, number) in rows_of(traits).items():
        row = {"contact_id": identifier, "name": name, "item": item, "text": text, "number": number}
        connection.execute(insert(tables.contact_traits).values(row))


def put_event(connection: Connection, identifier: int, did: Did) -> None:
    """Something that a contact did."""
    row = {"contact_id": identifier, "at": did.at, "kind": did.kind, "name": did.name}
    connection.execute(insert(tables.activities).values(**row, data={"properties": did.properties}))


def _put_mail(connection: Connection, identifier: int, person: Person, mail: Mail) -> None:
    key = f"{identifier}:{id(mail)}"
    row = {
        "key": key, "contact_id": identifier, "email": person.email or "", "address": person.email or "",
        "template_id": mail.template, "broadcast_id": mail.broadcast, "subject": "", "is_transactional": False,
        "origin": "api", "state": "sent", "reason": "", "attempts": 1, "queued_at": NOW, "due_at": NOW,
    }  # fmt: skip
    seen = {f"{name}_at": at for name, at in mail.times.items() if name != "clicked" or not mail.clicked_by_machine}
    made = insert(mail_tables.messages).values(row | seen).returning(mail_tables.messages.c.id)
    message = connection.execute(made).scalar_one()
    for name, at in mail.times.items():
        data = {"link_id": mail.link, "machine": mail.clicked_by_machine} if name == "clicked" else {}
        happened = {"contact_id": identifier, "at": at, "kind": "email", "name": EVENT_OF[name], "message_id": message}
        connection.execute(insert(tables.activities).values(happened | {"data": data}))


# ---- what is meant -------------------------------------------------------------------------------------------


def trait_items(value: Any, path: str = "") -> list[tuple[str, int, Any]]:
    """(name, item, scalar) of each value in traits: objects by their path, an array's items numbered, null left out."""
    if isinstance(value, dict):
        return [row for key, inner in value.items() for row in trait_items(inner, f"{path}.{key}" if path else key)]
    items = value if isinstance(value, list) else [value]
    return [(path, number, each) for number, each in enumerate(items) if each is not None]


def text_of(value: Any) -> str:
    """A scalar as text, as a person types it."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def number_of(value: Any) -> float | None:
    """A number, a boolean as 0 or 1, a date as µs."""
    found = parse_time(value) if isinstance(value, str) else value
    return None if found is None else float(found)


def meets(person: Person, node: model.Node, now: int = NOW) -> bool:
    """Whether the person meets a condition or a group."""
    if isinstance(node, model.Group):
        found = [meets(person, each, now) for each in node.of]
        return {"all": all(found), "any": any(found), "none": not any(found)}[node.match]
    return _RULES[type(node)](person, node, now)


def _trait(person: Person, one: model.Trait, now: int) -> bool:
    found = [value for name, _, value in trait_items(person.traits) if name == one.name]
    return compared(one.op, found, one, now, is_typed=False)


def compared(op: str, found: list[Any], one: Any, now: int, *, is_typed: bool) -> bool:
    """Whether any of the values found compares so; a negative comparison is the opposite of its positive one."""
    opposites = {"is_not": "is", "contains_not": "contains", "none_of": "one_of", "missing": "exists"}
    if op in opposites:
        return not compared(opposites[op], found, one, now, is_typed=is_typed)
    return any(_holds(op, value, one, now, is_typed) for value in found)


def _holds(op: str, value: Any, one: Any, now: int, is_typed: bool) -> bool:
    text = (value if isinstance(value, str) else None) if is_typed else text_of(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    number = (value if is_number else None) if is_typed else number_of(value)
    truth = (
        value if isinstance(value, bool) else {"true": True, "false": False}.get(text or "") if not is_typed else None
    )
    simple = {
        "is": lambda: _is(one.value, text, number, truth),
        "one_of": lambda: any(_is(each, text, number, truth) for each in one.values),
        "exists": lambda: True,
        "is_true": lambda: truth is True,
        "is_false": lambda: truth is False,
        "contains": lambda: text is not None and one.value in text,
        "begins": lambda: text is not None and text.startswith(one.value),
        "ends": lambda: text is not None and text.endswith(one.value),
    }
    return bool(simple[op]()) if op in simple else number is not None and _number_holds(op, number, one, now)


def _number_holds(op: str, number: float, one: Any, now: int) -> bool:
    span = (getattr(one, "days", None) or 0) * DAY
    match op:
        case "greater":
            return number > one.value
        case "less":
            return number < one.value
        case "between":
            return one.value <= number <= one.high
        case "before":
            return number < parse_time(one.value)
        case "after":
            return number >= parse_time(one.value)
        case "in_last":
            return now - span <= number <= now
        case "in_next":
            return now <= number <= now + span
    return _has_anniversary(number, one.days, now)


def _has_anniversary(number: float, days: int, now: int) -> bool:
    if not parse_time("1900-01-01") <= number < parse_time("2101-01-01"):
        return False
    born = to_datetime(int(number))
    ahead = [to_datetime(now) + timedelta(days=each) for each in range(days + 1)]
    shown = [(each.month, each.day) for each in ahead]
    leapless = [each for each in ahead if (each.month, each.day) == (2, 28) and (each + timedelta(days=1)).month == 3]
    return (born.month, born.day) in shown or (bool(leapless) and (born.month, born.day) == (2, 29))


def _is(wanted: Any, text: str | None, number: float | None, truth: bool | None) -> bool:
    if isinstance(wanted, bool):
        return truth is wanted
    return text == wanted if isinstance(wanted, str) else number is not None and number == wanted


def within(at: int, when: model.When, now: int) -> bool:
    """Whether a moment lies within a window."""
    low, high = bounds(when, now)
    return (low is None or at >= low) and (high is None or at < high)


def _enough(number: int, count: model.Count) -> bool:
    return {"at_least": number >= count.n, "at_most": number <= count.n, "exactly": number == count.n}[count.op]


def _event(person: Person, one: model.Event, now: int) -> bool:
    times = sorted(
        did.at for did in person.did if (did.kind, did.name) == (one.kind, one.name) and _has(did, one.where, now)
    )
    if one.which != "any":
        return bool(times) and within(times[0 if one.which == "first" else -1], one.when, now)
    return _enough(len([at for at in times if within(at, one.when, now)]), one.count)


def _has(did: Did, where: list[model.Property], now: int) -> bool:
    return all(compared(each.op, _property(did.properties, each.name), each, now, is_typed=True) for each in where)


def _property(value: Any, name: str) -> list[Any]:
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return [] if value is None else [value]


def _email(person: Person, one: model.EmailCondition, now: int) -> bool:
    mails = [
        mail
        for mail in person.mails
        if one.template_id in (None, mail.template)
        and one.broadcast_id in (None, mail.broadcast)
        and one.link_id in (None, mail.link)
        and not (one.activity == "clicked" and mail.clicked_by_machine)
        and any(
            name in mail.times and within(mail.times[name], one.when, now)
            for name in (("sent", "delivered") if one.activity == "sent" else (one.activity,))
        )
    ]
    return _enough(len(mails), one.count)


def _subscription(person: Person, one: model.Subscription, now: int) -> bool:
    own = person.suppressed if person.email else set()
    everywhere = {reason for scope, reason in own if scope == "all"}
    match one.state:
        case "subscribed":
            return person.email is not None and not everywhere
        case "unsubscribed":
            return "unsubscribed" in everywhere
        case "unsubscribed_topic":
            return (str(one.topic_id), "unsubscribed") in own
    return bool(everywhere)


def _domain(person: Person, one: model.Domain, now: int) -> bool:
    at = any((person.email or "").endswith(f"@{domain}") for domain in one.domains)
    return at if one.op == "one_of" else not at


_RULES: dict[type, Any] = {
    model.Trait: _trait,
    model.Event: _event,
    model.EmailCondition: _email,
    model.OnList: lambda person, one, now: (one.list_id in person.lists) == (one.op == "on"),
    model.InSegment: lambda person, one, now: (one.segment_id in person.segments) == (one.op == "in"),
    model.Subscription: _subscription,
    model.Moment: lambda person, one, now: within(getattr(person, one.what), one.when, now),
    model.Identity: lambda person, one, now: (getattr(person, one.what) is not None) == (one.op == "exists"),
    model.Domain: _domain,
}
