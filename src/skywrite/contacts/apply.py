"""A batch of calls becomes contacts, in a transaction of the caller's: who writes the cursor in it counts each once.

Everything is set-based: the ids of all calls are looked up at once, each call is decided in memory in its turn
(`world`), and what changed is written many rows at a time.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from enum import IntEnum
from operator import attrgetter

import msgspec
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from skywrite.contacts import activity, lists, queries, traits
from skywrite.contacts.activity import Activity
from skywrite.contacts.activity import Kind as What
from skywrite.contacts.addresses import folded
from skywrite.contacts.calls import KEPT, Call
from skywrite.contacts.identity import Kind, Named
from skywrite.contacts.ids import number, public
from skywrite.contacts.suppressing import follow_wish, keep_erased
from skywrite.contacts.trait_rows import rows_of
from skywrite.contacts.world import Noted, Person, World, whole
from skywrite.kit.errors import SkywriteError
from skywrite.store import bulk
from skywrite.store.contact_tables import contact_changes, contacts

log = structlog.get_logger()
# An enum's member takes longer to find than all else of a look, and longer to write than a plain text.
_USER, _EMAIL, _TRACK = int(Kind.USER), int(Kind.EMAIL), What.TRACK.value
_CONTACT = ("email", "email_key", "user_id", "traits", "created_at", "updated_at", "seen_at", "id")


class Outcome(IntEnum):
    """What became of a call."""

    TAKEN = 0
    FILTERED = 1  # of a type that is not taken; where the contact is known it is on the timeline all the same
    MISSING = 2  # it names nobody
    FAULTY = 3  # it cannot be read


_TAKEN = Outcome.TAKEN


def _nothing() -> None:
    """What is done meanwhile, where nobody says what."""


def apply(
    connection: Connection,
    calls: Sequence[Call],
    own_sources: Collection[str] = (),
    meanwhile: Callable[[], None] = _nothing,
    *,
    public_sources: Collection[str] = (),
) -> list[Outcome]:
    """Put calls to contacts, in their order, as part of the transaction of `connection`; what became of each.

    `own_sources` are those that Skywrite itself sends events to: one that names a contact by our own id comes from the
    timeline, and is there already. Of `public_sources` anybody has the key: a call of theirs moves no address by
    `_NewEmail`. `meanwhile` is called before the longest statement, for which Python is not needed:
    it may begin what another thread has to do.
    """
    bulk.make_room(connection)
    activity.hold_writers(connection)
    world = load(connection, _asked(calls))
    outcomes = [step(world, call, own_sources, public_sources) for call in calls]
    save(connection, world, meanwhile)
    return outcomes


def apply_safely(
    connection: Connection,
    calls: Sequence[Call],
    own_sources: Collection[str] = (),
    meanwhile: Callable[[], None] = _nothing,
    *,
    public_sources: Collection[str] = (),
) -> list[Outcome]:
    """The same; a call that cannot be written, which nobody foresaw, costs none of the others and says so."""
    try:
        with connection.begin_nested():
            return apply(connection, calls, own_sources, meanwhile, public_sources=public_sources)
    except (SkywriteError, OperationalError, InterfaceError):
        raise  # it is the store that cannot be used, for now
    except Exception as error:
        if len(calls) > 1:
            half = len(calls) // 2
            halves = calls[:half], calls[half:]
            return [
                outcome
                for part in halves
                for outcome in apply_safely(connection, part, own_sources, public_sources=public_sources)
            ]
        log.exception("a call could not be applied", source=calls[0].source_id, message_id=calls[0].message_id)
        calls[0].fault = f"This event could not be applied: {type(error).__name__}."
        return [Outcome.FAULTY]


def try_out(connection: Connection, call: Call) -> tuple[Person | None, bool]:
    """The contact that a call would be put to, None for a new one, and whether it is taken; nothing is written."""
    world = load(connection, _asked([call]))
    outcome = step(world, call, ())
    known = (person for owned in world.owners.values() for person in owned.values())
    person = whole(world.notes[-1].person) if world.notes else next(known, None)
    return (None if person is None or person.is_new else person), outcome is Outcome.TAKEN


# ---- reading ----


Ids = dict[Kind, set[str]]


def ids_of(named: Sequence[Named]) -> Ids:
    """Every id that is named."""
    return {
        Kind.USER: {one.user_id for one in named},
        Kind.ANONYMOUS: {one.anonymous_id for one in named},
        Kind.EMAIL: {one.email for one in named},
    }


def _asked(calls: Sequence[Call]) -> Ids:
    """The ids of all contacts that calls may be about."""
    ids = ids_of([call.named for call in calls])
    for call in calls:
        if call.new_email:
            ids[Kind.EMAIL].add(folded(call.new_email))
        if call.previous:
            ids[Kind.USER].add(call.previous)
            ids[Kind.ANONYMOUS].add(call.previous)
        if call.controls is not None:
            ids[Kind.ANONYMOUS].add(call.controls.session)
    return ids


def load(connection: Connection, ids: Ids) -> World:
    """The contacts of these ids."""
    users, emails = ids[Kind.USER], ids[Kind.EMAIL]
    world, known = World(), dict[int, Person]()
    owners = world.owners
    users.discard("")
    for value, own, *row in queries.people_by(connection, Kind.USER, users):
        person = known.get(own)
        if person is None:
            person = known[own] = Person(own, *row)
        owners[_USER][value] = person
        if person.email_key in emails:  # the usual email is the contact's own address
            emails.discard(person.email_key)
            owners[_EMAIL][person.email_key] = person
    for kind in (Kind.ANONYMOUS, Kind.EMAIL):
        ids[kind].discard("")
        found = queries.owners(connection, kind, ids[kind])
        known |= people(connection, {own for _, own in found} - known.keys())
        owners[kind] |= {value: known[own] for value, own in found if own in known}
    return world


def people(connection: Connection, ids: Collection[int]) -> dict[int, Person]:
    """Contacts by their numbers."""
    return {row[0]: Person(*row) for row in queries.people(connection, ids)}


# ---- deciding ----


def step(world: World, call: Call, own_sources: Collection[str], public_sources: Collection[str] = ()) -> Outcome:
    """Put one call to its contact."""
    world.evidence = f"{call.type} of source {call.source_id}"
    if call.type == "track":
        if call.source_id in own_sources and number(call.contact_id):
            return _TAKEN
        person = _placed(world, call, public_sources)
        if person is None:
            return Outcome.MISSING
        world.note(person, call.at, _TRACK, call.name, call.source_id, call.data)
        return _TAKEN
    if call.type == "identify":
        person = _placed(world, call, public_sources)
        if person is None:
            return Outcome.MISSING
        given = call.traits or {}
        world.describe(person, given, call.received_at)
        if call.named.user_id and "email" in given and given["email"] is None:
            world.clear_address(person, call.received_at)
        return _TAKEN
    if call.fault:
        return Outcome.FAULTY
    _keep(world, call)
    return Outcome.FILTERED


def _placed(world: World, call: Call, public_sources: Collection[str]) -> Person | None:
    now, named = call.received_at, call.named
    if call.controls is None and not call.new_email:
        return world.place(named, call.spelling, call.at, now)
    session = call.controls.session if call.controls is not None else ""
    if session and not named.anonymous_id:
        named = Named(named.user_id, named.email, session, named.is_hint)
    person = world.place(named, call.spelling, call.at, now)
    if person is not None and session not in ("", named.anonymous_id):
        person = world.place(Named(named.user_id, named.email, session, named.is_hint), call.spelling, call.at, now)
    if person is not None and call.new_email and call.source_id in public_sources:
        # Anybody may send this. Without the address: it may be another's, who is erased some day.
        if person.email_key != folded(call.new_email):
            world.note(person, now, What.CONTACT, "Address Change Refused", call.source_id, "{}")
    elif person is not None and call.new_email:
        person = world.move_address(person, call.new_email.strip(), folded(call.new_email), now)
    if person is not None and call.controls is not None:
        for listed in call.controls.lists:
            world.put_on(person, listed, now)
    return person


def _keep(world: World, call: Call) -> None:
    """What is not taken: a page, screen or group goes to the timeline of a contact that is known; alias unites."""
    named = call.named
    if call.type == "alias":
        if named.user_id and call.previous:
            world.alias(call.previous, named.user_id, call.received_at)
    elif call.type in KEPT:
        by_user = world.find(Kind.USER, named.user_id)
        person = by_user if named.user_id else world.find(Kind.ANONYMOUS, named.anonymous_id)
        if person is not None:
            world.note(person, call.at, call.type, call.name, call.source_id, call.data)
            world.see(person, min(call.at, call.received_at))


# ---- writing ----


def save(connection: Connection, world: World, meanwhile: Callable[[], None] = _nothing) -> None:
    """Write down what changed; `meanwhile` as for `apply`."""
    if world.new:
        for person, own in zip(world.new, queries.take_numbers(connection, len(world.new)), strict=True):
            person.id = own
    _save_unions(connection, world)
    # In the order in which they lie in the store: neighbours share pages.
    alive = sorted((one for one in world.touched.values() if one.part_of is None), key=attrgetter("id"))
    _save_people(connection, alive)
    _save_traits(connection, [person for person in alive if person.before is not None])
    taken = [(*identity, whole(person).id) for identity, person in world.taken.items()]
    queries.move_identities(connection, [row for row in taken if row[:2] in world.moved])
    queries.add_identities(connection, [row for row in taken if row[:2] not in world.moved])
    changed = [(person.id,) for person in alive if person.is_changed]
    bulk.insert_rows(connection, contact_changes, ("contact_id",), changed)
    _save_choices(connection, world)
    _save_erased(connection, world)
    lines = [_line(noted) for noted in world.notes]
    meanwhile()
    activity.add_rows(connection, lines)
    _save_lists(connection, world)


def _save_unions(connection: Connection, world: World) -> None:
    for union in world.unions:
        kept = whole(union.kept).id
        if union.old.is_new:
            connection.execute(queries.note_merged(union.old.id, kept, union.at))
            continue
        for statement in queries.unite(union.old.id, kept, union.at):
            connection.execute(statement)


def _save_people(connection: Connection, alive: Iterable[Person]) -> None:
    new, renamed, described, seen = [], [], [], []
    for person in alive:
        if not person.is_changed:
            seen.append((person.seen_at, person.id))
        elif person.is_new:
            new.append(_row(person))
        elif person.is_renamed:
            renamed.append(_row(person))
        else:
            described.append((person.written_traits, person.updated_at, person.seen_at, person.id))
    bulk.insert_rows(connection, contacts, _CONTACT, new)
    bulk.update_rows(connection, contacts, _CONTACT[:-1], renamed)
    bulk.update_rows(connection, contacts, ("traits", "updated_at", "seen_at"), described)
    bulk.update_rows(connection, contacts, ("seen_at",), seen)


def _save_choices(connection: Connection, world: World) -> None:
    """Who unsubscribed by a trait gets no marketing mail; who took that back gets it again, unless more forbids it."""
    for person, (wants_mail, at, evidence) in world.choices.items():
        follow_wish(connection, whole(person).email_key or "", at, evidence, wants_mail=wants_mail)


def _save_erased(connection: Connection, world: World) -> None:
    """An address that somebody was forgotten with is not written to, whosever it is now."""
    emails = {value: person.updated_at for (kind, value), person in world.taken.items() if kind == _EMAIL}
    keep_erased(connection, emails, max(emails.values(), default=0))


def _save_lists(connection: Connection, world: World) -> None:
    """Who was to be put on a list is on it, or the timeline says that there is none of this name."""
    for text, people in world.listed.items():
        members = {whole(person).id: at for person, at in people.items()}
        found = lists.meant(connection, text)
        if found is None:
            activity.add_activities(
                connection,
                [Activity(own, at, What.LIST, "List Not Found", {"list": text}) for own, at in members.items()],
            )
        else:
            lists.add_to_list(connection, found, list(members), max(members.values()))


def _row(person: Person) -> tuple[object, ...]:
    return (
        person.email, person.email_key, person.user_id, person.written_traits,
        person.created_at, person.updated_at, person.seen_at, person.id,
    )  # fmt: skip


def _save_traits(connection: Connection, described: Iterable[Person]) -> None:
    gone: list[tuple[int, str, int]] = []
    new: list[tuple[object, ...]] = []
    changed: list[tuple[object, ...]] = []
    for person in described:
        own = person.id
        if not person.before:
            new += [(own, *at, *row) for at, row in rows_of(person.traits).items()]
            continue
        dropped, rows = traits.difference(person.before, person.traits)
        gone += [(own, *at) for at in dropped]
        changed += [(own, *at, *row) for at, row in rows.items()]
    queries.drop_traits(connection, gone)
    queries.add_traits(connection, new)
    queries.put_traits(connection, changed)


def _line(noted: Noted) -> activity.Row:
    data = noted.data
    if noted.other is not None:
        data = msgspec.json.encode({"contact_id": public(noted.other.id)}).decode()
    return (whole(noted.person).id, noted.at, noted.kind, noted.name, None, noted.source_id, data)
