"""Contacts as a person handles them: looked at, made, changed, unsubscribed and subscribed again by hand."""

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, delete, insert, update

from skywrite.contacts import ids
from skywrite.contacts import search_queries as queries
from skywrite.contacts.activity import Activity, Kind, add_activities, hold_writers
from skywrite.contacts.finding import found
from skywrite.contacts.identity_texts import ANONYMOUS_ID, EMAIL, USER_ID, WORDS, checked, key_of
from skywrite.contacts.list_queries import note_changes
from skywrite.contacts.lists import TOPIC
from skywrite.contacts.subscription import BY_CHOICE, EVERYWHERE, Suppression, state_of
from skywrite.contacts.suppressing import NewSuppression, follow_wish, keep_erased, suppress, unsuppress
from skywrite.contacts.trait_rows import rows_of
from skywrite.contacts.traits import CONTROLS
from skywrite.contacts.world import UNSUBSCRIBED
from skywrite.kit.errors import Refused
from skywrite.kit.json import encode
from skywrite.kit.time import now_micros
from skywrite.store.bulk import insert_rows
from skywrite.store.contact_tables import contact_traits, contacts, identities
from skywrite.store.engine import Store
from skywrite.store.engine import insert as insert_or

_LARGEST_TRAITS = 1 << 20
_LONGEST_NAME = 200


class Identity(Struct, frozen=True):
    """One id that a contact goes by; `kind` is userId, anonymousId or email."""

    kind: str
    value: str


class Membership(Struct, frozen=True):
    """A list or a segment, and since when (µs)."""

    id: int
    name: str
    since: int


class Person(Struct, frozen=True):
    """All that is known of one contact; times in µs."""

    id: int
    email: str | None
    user_id: str | None
    traits: dict[str, Any]
    created_at: int
    updated_at: int
    seen_at: int
    subscription: str
    suppressions: list[Suppression]
    identities: list[Identity]
    lists: list[Membership]
    segments: list[Membership]
    mail: dict[
        str, int
    ]  # how many were sent, delivered, opened by a person, clicked, bounced, replied to, complained of


class Happening(Struct, frozen=True):
    """One entry of a timeline; `subject` and `template` (its name) are those of the mail that it is about."""

    id: int
    at: int
    kind: str
    name: str
    data: dict[str, Any]
    source: str | None  # the name of the source that it came from
    message_id: int | None
    subject: str | None
    template: str | None


class People:
    """Each call is one transaction. `ref` is a contact's id (`person_12`, of a merged one too), or one of its ids."""

    def __init__(self, store: Store, clock: Callable[[], int] = now_micros) -> None:
        self._store = store
        self._now = clock

    def get(self, ref: str) -> Person:
        """One contact. Raises Refused (404) where there is none."""
        with self._store.read() as connection:
            return _person(connection, found(connection, ref))

    def timeline(
        self,
        ref: str,
        kinds: Collection[str] = (),
        names: Collection[str] = (),
        before: tuple[int, int] | None = None,
        limit: int = 50,
    ) -> list[Happening]:
        """What happened, latest first; `before` is the (at, id) of the last one that was seen."""
        with self._store.read() as connection:
            contact_id = found(connection, ref)
            rows = connection.execute(queries.timeline([contact_id], kinds, names, before, limit))
            return [
                Happening(
                    row.id, row.at, row.kind, row.name, row.data, row.source, row.message_id, row.subject,
                    row.template,
                )
                for row in rows
            ]  # fmt: skip

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Connection]:
        """A transaction beside which nobody else changes contacts: what it reads of them stays so."""
        with self._store.write() as connection:
            hold_writers(connection)
            yield connection

    def add(self, email: str = "", user_id: str = "", traits: Mapping[str, Any] | None = None, by: str = "") -> Person:
        """A new contact. Raises Refused (409) where somebody goes by one of these ids already."""
        given = {kind: checked(kind, text, where) for kind, text, where in
                 ((USER_ID, user_id, "user_id"), (EMAIL, email, "email")) if text.strip()}  # fmt: skip
        if not given:
            raise Refused("A contact needs an email address or a userId.", where="email")
        _check_names(traits or {})
        kept = _checked_traits(traits or {})
        with self._changing() as connection:
            contact_id = _add(connection, given, kept, self._now(), by)
            self._store.announce(connection, TOPIC)
            return _person(connection, contact_id)

    def change_traits(self, ref: str, traits: Mapping[str, Any], by: str = "") -> Person:
        """Set those that are given; null takes one away."""
        with self._changing() as connection:
            contact_id = found(connection, ref)
            before = connection.execute(queries.contact(contact_id)).one().traits
            _check_names(traits)
            merged = {name: value for name, value in (before | dict(traits)).items() if value is not None}
            after = _checked_traits(merged)
            changed = sorted(name for name in traits if before.get(name) != after.get(name))
            if changed:
                now = self._now()
                connection.execute(
                    update(contacts).where(contacts.c.id == contact_id).values(traits=after, updated_at=now)
                )
                _set_trait_rows(connection, contact_id, after)
                _note(connection, contact_id, now, "Changed", {"by": by, "traits": changed})
                _follow_wish(connection, contact_id, before.get(UNSUBSCRIBED), now, by)
                self._store.announce(connection, TOPIC)
            return _person(connection, contact_id)

    def add_identity(self, ref: str, kind: int, text: str, by: str = "") -> Person:
        """One more id; an address or userId becomes the one that is shown and written to.

        Raises Refused (409) where it is another contact's: those two are to be merged.
        """
        text = checked(kind, text, "value")
        with self._changing() as connection:
            contact_id = found(connection, ref)
            _give(connection, contact_id, kind, text, self._now(), by)
            self._store.announce(connection, TOPIC)
            return _person(connection, contact_id)

    def remove_identity(self, ref: str, kind: int, text: str, by: str = "") -> Person:
        """Take an id away. Raises Refused where it is not theirs (404), or their last one (409)."""
        with self._changing() as connection:
            contact_id = found(connection, ref)
            held = connection.execute(queries.identities_of(contact_id)).all()
            value = key_of(kind, text)
            if (kind, value) not in [(row.kind, row.value) for row in held]:
                raise Refused(f"The contact has no {WORDS[kind]} {text[:80]!r}.", where="value", status=404)
            if len(held) == 1:
                raise Refused("A contact's last id can't be taken away: delete the contact.", where="value", status=409)
            connection.execute(delete(identities).where(identities.c.kind == kind, identities.c.value == value))
            now = self._now()
            values = _next_shown(connection, contact_id, kind, value) | {"updated_at": now}
            connection.execute(update(contacts).where(contacts.c.id == contact_id).values(values))
            _note(connection, contact_id, now, "Changed", {"by": by, "removed": {WORDS[kind]: value}})
            self._store.announce(connection, TOPIC)
            return _person(connection, contact_id)

    def unsubscribe(self, refs: Sequence[str], by: str) -> int:
        """No marketing mail to these contacts any more; gives how many could be written to before."""
        with self._changing() as connection:
            now, done = self._now(), 0
            for ref in refs:
                row = connection.execute(queries.contact(found(connection, ref))).one()
                wanted = NewSuppression(row.email_key or "", EVERYWHERE, "unsubscribed", f"by {by}")
                if suppress(connection, [wanted], now):
                    done += 1
                    _note(connection, row.id, now, "Unsubscribed", {"by": by, "scope": EVERYWHERE, "method": "manual"})
            self._store.announce(connection, TOPIC)
            return done

    def resubscribe(self, ref: str, by: str, consent: str) -> Person:
        """Marketing mail may go to them again, since they asked for it: who says so, and how, stays on the timeline.

        Raises Refused (409) where a bounce, a complaint or an erasure stands against it, and where no consent is told.
        """
        if not consent.strip():
            raise Refused("Say how they agreed: it is kept with the contact.", where="consent")
        with self._changing() as connection:
            contact_id = found(connection, ref)
            person = _person(connection, contact_id)
            if person.subscription in ("bounced", "complained"):
                raise Refused(
                    f"Their address has {person.subscription}; take that suppression away first, if it was a mistake.",
                    where="subscription",
                    status=409,
                )
            if any(each.reason == "erased" for each in person.suppressions):
                raise Refused(
                    "Their address was erased with a contact: it is not written to again.",
                    where="subscription",
                    status=409,
                )
            address = key_of(EMAIL, person.email or "")
            if unsuppress(connection, address, EVERYWHERE, *BY_CHOICE):
                _note(
                    connection, contact_id, self._now(), "Resubscribed", {"by": by, "consent": consent.strip()[:1000]}
                )
                self._store.announce(connection, TOPIC)
            return _person(connection, contact_id)


# ---- reading -----------------------------------------------------------------------------------------------------


def shown_subscriptions(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """The subscription of each of these contacts, by id."""
    by_address: dict[str, list[Suppression]] = {}
    for each in suppressions_of(connection, [row.email_key for row in rows if row.email_key]):
        by_address.setdefault(each.address, []).append(each)
    return {row.id: state_of(row.email_key, by_address.get(row.email_key, [])) for row in rows}


def suppressions_of(connection: Connection, addresses: Collection[str]) -> list[Suppression]:
    """Why not to write to these addresses."""
    if not addresses:
        return []
    return [
        Suppression(row.address, row.scope, row.topic or "", row.reason, row.since, row.evidence)
        for row in connection.execute(queries.suppressions_of(addresses))
    ]


def _person(connection: Connection, contact_id: int) -> Person:
    row = connection.execute(queries.contact(contact_id)).one()
    against = suppressions_of(connection, [row.email_key] if row.email_key else [])
    return Person(
        id=row.id,
        email=row.email,
        user_id=row.user_id,
        traits=row.traits,
        created_at=row.created_at,
        updated_at=row.updated_at,
        seen_at=row.seen_at,
        subscription=state_of(row.email_key, against),
        suppressions=against,
        identities=[
            Identity(WORDS[each.kind], each.value) for each in connection.execute(queries.identities_of(contact_id))
        ],
        lists=[Membership(*each) for each in connection.execute(queries.lists_of(contact_id))],
        segments=[Membership(*each) for each in connection.execute(queries.segments_of(contact_id))],
        mail=dict(connection.execute(queries.mail_figures(contact_id)).mappings().one()),
    )


# ---- writing -----------------------------------------------------------------------------------------------------


def made_for(store: Store, connection: Connection, email: str, user_id: str, now: int, by: str) -> int:
    """The contact of an email, made where there is none; a `user_id`, which nobody has yet, becomes theirs.

    Raises Refused for what can't be an id.
    """
    given = {EMAIL: checked(EMAIL, email, "to.email")}
    if user_id:
        given[USER_ID] = checked(USER_ID, user_id, "to.user_id")
    hold_writers(connection)  # two that write to somebody new at once make one contact
    holder = connection.execute(queries.by_identity(EMAIL, key_of(EMAIL, given[EMAIL]))).scalar()
    if holder is None:
        holder = _add(connection, given, {}, now, by)
    elif user_id:
        _give(connection, holder, USER_ID, given[USER_ID], now, by)
    else:
        return int(holder)
    store.announce(connection, TOPIC)
    return int(holder)


def _add(connection: Connection, given: Mapping[int, str], traits: dict[str, Any], now: int, by: str) -> int:
    for kind, text in given.items():
        _check_free(connection, kind, text, None)
    contact_id = _insert(connection, given, traits, now)
    for kind, text in given.items():
        _add_identity(connection, contact_id, kind, text, now)
    _set_trait_rows(connection, contact_id, traits)
    _note(connection, contact_id, now, "Created", {"by": by})
    _follow_wish(connection, contact_id, None, now, by)
    return contact_id


def _give(connection: Connection, contact_id: int, kind: int, text: str, now: int, by: str) -> None:
    _check_free(connection, kind, text, contact_id)
    _add_identity(connection, contact_id, kind, text, now)
    values: dict[str, Any] = {"updated_at": now}
    if kind == EMAIL:
        values |= {"email": text, "email_key": key_of(EMAIL, text)}
    if kind == USER_ID:
        values["user_id"] = text
    changing = update(contacts).where(contacts.c.id == contact_id).values(values).returning(contacts.c.traits)
    traits = connection.execute(changing).scalar_one()
    _note(connection, contact_id, now, "Changed", {"by": by, "added": {WORDS[kind]: text}})
    if kind == EMAIL and traits.get(UNSUBSCRIBED) is True:  # who wants no mail wants none at the new address either
        follow_wish(connection, key_of(EMAIL, text), now, f"by {by}", wants_mail=False)


def _insert(connection: Connection, given: Mapping[int, str], traits: dict[str, Any], now: int) -> int:
    email = given.get(EMAIL)
    row = insert(contacts).values(
        email=email,
        email_key=key_of(EMAIL, email) if email else None,
        user_id=given.get(USER_ID),
        traits=traits,
        created_at=now,
        updated_at=now,
        seen_at=now,
    )
    return int(connection.execute(row.returning(contacts.c.id)).scalar_one())


def _check_free(connection: Connection, kind: int, text: str, contact_id: int | None) -> None:
    holder = connection.execute(queries.by_identity(kind, key_of(kind, text))).scalar()
    if holder not in (None, contact_id):
        raise Refused(
            f"The {WORDS[kind]} {text[:80]} is that of {ids.public(int(holder or 0))}.", where=_FIELDS[kind], status=409
        )


_FIELDS = {USER_ID: "user_id", EMAIL: "email", ANONYMOUS_ID: "value"}


def _add_identity(connection: Connection, contact_id: int, kind: int, text: str, now: int) -> None:
    row = insert_or(connection, identities).values(kind=kind, value=key_of(kind, text), contact_id=contact_id)
    connection.execute(row.on_conflict_do_nothing())
    if kind == EMAIL:
        keep_erased(connection, [key_of(kind, text)], now)


def _set_trait_rows(connection: Connection, contact_id: int, traits: Mapping[str, Any]) -> None:
    connection.execute(delete(contact_traits).where(contact_traits.c.contact_id == contact_id))
    columns = ("contact_id", "name", "item", "text", "number")
    insert_rows(connection, contact_traits, columns, [(contact_id, *at, *row) for at, row in rows_of(traits).items()])


def _next_shown(connection: Connection, contact_id: int, kind: int, gone: str) -> dict[str, Any]:
    """What is shown in place of an id that was taken away, where it was the one shown."""
    row = connection.execute(queries.contact(contact_id)).one()
    held = connection.execute(queries.identities_of(contact_id)).all()
    other = next((each.value for each in held if each.kind == kind), None)
    if kind == EMAIL and row.email_key == gone:
        return {"email": other, "email_key": other}
    if kind == USER_ID and row.user_id == gone:
        return {"user_id": other}
    return {}


def _check_names(given: Mapping[str, Any]) -> None:
    """What an `identify` takes for something else is no trait by hand either; null takes an old one away."""
    name = next((name for name, value in given.items() if name in CONTROLS and value is not None), None)
    if name == "email":
        raise Refused("The address is no trait: it is one of the contact's identities.", where="traits.email")
    if name:
        raise Refused(f"{name} is no trait: it is a field of calls.", where=f"traits.{name}")


def _checked_traits(traits: Mapping[str, Any]) -> dict[str, Any]:
    for name in traits:
        if not 1 <= len(name) <= _LONGEST_NAME:
            raise Refused(f"A trait's name is 1 to {_LONGEST_NAME} characters.", where="traits")
    if len(encode(traits)) > _LARGEST_TRAITS:
        raise Refused("A contact's traits are at most 1 MB.", where="traits")
    return dict(traits)


def _follow_wish(connection: Connection, contact_id: int, before: Any, now: int, by: str) -> None:
    """A change of the trait `unsubscribed` comes to what it does by an identify; `before` is what it was."""
    row = connection.execute(queries.contact(contact_id)).one()
    after = row.traits.get(UNSUBSCRIBED)
    if before == after or True not in (before, after):
        return
    wants_mail = after is not True
    follow_wish(connection, row.email_key or "", now, f"by {by}", wants_mail=wants_mail)
    _note(connection, contact_id, now, "Resubscribed" if wants_mail else "Unsubscribed", {"by": by, "method": "trait"})


def _note(connection: Connection, contact_id: int, at: int, name: str, data: Mapping[str, Any]) -> None:
    add_activities(connection, [Activity(contact_id, at, Kind.CONTACT, name, data)])
    note_changes(connection, [contact_id])
