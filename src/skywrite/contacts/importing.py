"""Rows of a file become contacts by the rules of every call (`world`, docs/identity.md): a row is an identify.

`plan` says what would become of each row and changes nothing; `carry_out` does it. Both decide by the same code. Beside
the rules of a call, an import never subscribes anybody again.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Connection

from skywrite.contacts.activity import Activity, Kind, add_activities, hold_writers
from skywrite.contacts.apply import ids_of, load, save
from skywrite.contacts.identity import Named, named_by
from skywrite.contacts.identity_texts import ANONYMOUS_ID, EMAIL, USER_ID
from skywrite.contacts.lists import Named as NamedList
from skywrite.contacts.lists import add_to_list, list_for
from skywrite.contacts.mapping import Row
from skywrite.contacts.subscription import EVERYWHERE
from skywrite.contacts.suppressing import NewSuppression, suppress
from skywrite.contacts.world import UNSUBSCRIBED, Person, World, whole
from skywrite.kit.json import encode
from skywrite.store.types import key, storable_json

_NOBODY = "An anonymousId alone, of no contact that is known, is nobody yet: give a userId or an email address too."


class Refusal(Struct, frozen=True):
    """A row that is not taken, and why."""

    line: int
    reason: str


class Result(Struct):
    """What becomes of rows: how many contacts are new, how many known ones were told of, and the rows refused."""

    created: int
    updated: int
    refused: list[Refusal]


class Batch(Struct, frozen=True):
    """Where rows come from: told on the timeline, and as the evidence of an unsubscription."""

    import_id: int
    by: str
    at: int
    into: NamedList | None = None  # the list that everybody is put on


def plan(connection: Connection, rows: Sequence[Row], batch: Batch) -> Result:
    """What would become of rows, of which no two share an id."""
    return _decide(connection, rows, batch)[1]


def carry_out(connection: Connection, rows: Sequence[Row], batch: Batch) -> Result:
    """Make or change the contacts of rows, of which no two share an id, in the transaction of `connection`."""
    hold_writers(connection)
    world, result, taken = _decide(connection, rows, batch)
    save(connection, world)
    _unsubscribe(connection, taken, batch)
    _put_on_lists(connection, taken, batch)
    return result


_Taken = Sequence[tuple[Row, Person]]


def _decide(connection: Connection, rows: Sequence[Row], batch: Batch) -> tuple[World, Result, _Taken]:
    origin = {"import_id": batch.import_id, "by": batch.by}
    named = [_named(row) for row in rows]
    world = load(connection, ids_of([one for one, _ in named]))
    world.origin = origin
    imported = storable_json(encode(origin).decode())
    result, taken = Result(0, 0, []), []
    for row, (ids, spelling) in zip(rows, named, strict=True):
        made = len(world.new)
        person = world.place(ids, spelling, 0, batch.at)
        if person is None:
            result.refused.append(Refusal(row.line, _NOBODY))
            continue
        if len(world.new) > made:
            result.created += 1
            world.see(person, batch.at)
        else:
            result.updated += 1
            world.note(person, batch.at, Kind.CONTACT, "Imported", None, imported)
        is_unreachable = row.unsubscribed and not (ids.email or person.email_key)
        traits = row.traits | {UNSUBSCRIBED: True} if is_unreachable else row.traits  # it holds for the first address
        world.describe(person, traits, batch.at, may_subscribe=False)
        taken.append((row, person))
    return world, result, taken


def _named(row: Row) -> tuple[Named, str]:
    """The ids of a row as a call names them, and the address as it was given."""
    ids = {kind: (given, folded) for kind, given, folded in row.ids}
    spelling, email = ids.get(EMAIL, ("", ""))
    user_id, anonymous_id = (key(ids[kind][1]) if kind in ids else "" for kind in (USER_ID, ANONYMOUS_ID))
    return named_by(user_id, email, anonymous_id), spelling


def _put_on_lists(connection: Connection, taken: _Taken, batch: Batch) -> None:
    if batch.into is not None:
        add_to_list(connection, batch.into, _numbers(person for _, person in taken), batch.at)
    members: dict[str, list[Person]] = {}
    for row, person in taken:
        for name in row.lists:
            members.setdefault(name, []).append(person)
    for name, people in members.items():
        add_to_list(connection, list_for(connection, name, batch.at), _numbers(people), batch.at)


def _numbers(people: Iterable[Person]) -> list[int]:
    return list(dict.fromkeys(whole(person).id for person in people))


def _unsubscribe(connection: Connection, taken: _Taken, batch: Batch) -> None:
    """No marketing mail goes to the address of the row any more, nor to that of its contact."""
    addresses: dict[str, None] = {}
    happened = []
    data = {"scope": EVERYWHERE, "method": "import", "import_id": batch.import_id, "by": batch.by}
    for row, person in taken:
        if not row.unsubscribed:
            continue
        mine = [text for text in (_named(row)[0].email, whole(person).email_key) if text]
        addresses |= dict.fromkeys(mine)
        if mine:
            happened.append(Activity(whole(person).id, batch.at, Kind.CONTACT, "Unsubscribed", data))
    evidence = f"import_{batch.import_id} by {batch.by}"
    suppress(connection, [NewSuppression(one, EVERYWHERE, "imported", evidence) for one in addresses], batch.at)
    add_activities(connection, happened)
