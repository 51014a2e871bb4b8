"""The contacts that a batch is about, in memory: each call in turn changes them, and what changed is written after.

It does no I/O: `apply` loads it, and writes what it says. Whose call it is, `identity` decides.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from skywrite.contacts import traits as rules
from skywrite.contacts.activity import Kind as What
from skywrite.contacts.identity import Decision, Identity, Kind, Named, decide, keeps_first
from skywrite.contacts.traits import Traits
from skywrite.kit.json import decode, encode
from skywrite.store.types import storable_json

_USER, _ANONYMOUS, _EMAIL = map(int, (Kind.USER, Kind.ANONYMOUS, Kind.EMAIL))
UNSUBSCRIBED = "unsubscribed"  # the trait by which others say that somebody wants no mail (Autopilot's field)


class Person(Struct, eq=False):
    """A contact. Its traits are decoded when somebody asks for them: most calls do not."""

    id: int  # below 0 until it is stored
    email: str | None = None
    email_key: str | None = None
    user_id: str | None = None
    written: str = "{}"  # its traits as the store has them
    created_at: int = 0
    updated_at: int = 0
    seen_at: int = 0
    is_new: bool = False
    is_changed: bool = False  # who it is, or a trait
    is_renamed: bool = False  # who it is
    before: Traits | None = None  # its traits as the store's rows have them, once they are not the same
    part_of: "Person | None" = None
    now: Traits | None = None  # its traits, once somebody asked

    @property
    def traits(self) -> Traits:
        """What is known of it; nobody changes this one in place."""
        if self.now is None:
            self.now = decode(self.written)
        return self.now

    @traits.setter
    def traits(self, after: Traits) -> None:
        if self.before is None:
            self.before = self.traits
        self.now = after

    @property
    def written_traits(self) -> str:
        """The traits as JSON."""
        return self.written if self.before is None else storable_json(encode(self.traits).decode())


class Noted(Struct, frozen=True, gc=False):
    """A line of somebody's timeline; `data` is JSON, unless it is but the id of an `other`."""

    person: Person
    at: int
    kind: str
    name: str
    source_id: str | None
    data: str
    other: Person | None = None


class Union(Struct, frozen=True):
    """A contact that became part of another."""

    old: Person
    kept: Person
    at: int


class World:
    """Contacts by their ids. `at` is a time in µs, `now` the moment at which the server got the call."""

    def __init__(self) -> None:
        self.origin: Mapping[str, Any] = {}  # what is said beside `Created`
        self.owners: dict[int, dict[str, Person]] = {_USER: {}, _ANONYMOUS: {}, _EMAIL: {}}
        self.new: list[Person] = []
        self.touched: dict[int, Person] = {}
        self.taken: dict[Identity, Person] = {}  # ids that are new, or moved
        self.moved: set[Identity] = set()  # those of them that somebody may have in the store
        self.unions: list[Union] = []
        self.notes: list[Noted] = []
        self.listed: dict[str, dict[Person, int]] = {}  # who is put on which list, as a call names it, and when
        # Who wants mail or not from now on, since when, and what said so.
        self.choices: dict[Person, tuple[bool, int, str]] = {}
        self.evidence = ""  # what says what is put to contacts now

    def find(self, kind: Kind, value: str) -> Person | None:
        """Whose id it is, if anybody's."""
        person = self.owners[kind].get(value) if value else None
        return None if person is None else whole(person)

    # ---- calls ----

    def place(self, named: Named, spelling: str, at: int, now: int) -> Person | None:
        """The contact of a call, made or united where the rules say so; None where it names nobody.

        `spelling` is the email as it was given; `at` is when it happened.
        """
        user = self._as_known(named)
        if user is not None:
            self.see(user, min(now, at))
            return user
        user, email = self.find(Kind.USER, named.user_id), self.find(Kind.EMAIL, named.email)
        anonymous = self.find(Kind.ANONYMOUS, named.anonymous_id)
        decision = decide(named, user, email, anonymous)
        if decision is None:
            return None
        person = decision.contact or self._create(now)
        for other in decision.united:
            self.unite(other, person, now)
        self._take_ids(person, named, decision, spelling, now)
        if decision.conflict is not None:
            self._note_conflict(person, decision.conflict, now)
        self.see(person, min(at, now))
        return person

    def _as_known(self, named: Named) -> Person | None:
        """The contact of the usual call, which says what is known of its user: the rules would say the same."""
        owners, email, browser = self.owners, named.email, named.anonymous_id
        user = owners[_USER].get(named.user_id)
        if (
            user is not None
            and user.part_of is None
            and user.user_id == named.user_id
            and (not browser or owners[_ANONYMOUS].get(browser) is user)
            and (not email or (user.email_key == email and owners[_EMAIL].get(email, user) is user))
        ):
            return user
        return None

    def _take_ids(self, person: Person, named: Named, decision: Decision[Person], spelling: str, now: int) -> None:
        if named.user_id:
            self.take_user_id(person, named.user_id, now)
        if decision.takes_email:
            self._take(person, Kind.EMAIL, named.email, now)
            if decision.is_address:
                self._set_address(person, spelling, named.email, now)
        if decision.takes_anonymous:
            self._take(person, Kind.ANONYMOUS, named.anonymous_id, now)

    def take_user_id(self, person: Person, user_id: str, now: int) -> None:
        """The userId is the contact's, and the one that is sent out from now on."""
        self._take(person, Kind.USER, user_id, now)
        if person.user_id != user_id:
            person.user_id = user_id
            self._rename(person, now)

    def move_address(self, person: Person, spelling: str, email: str, now: int) -> Person:
        """The contact's address is said to be another; whoever it is of then becomes one with it, if that may be."""
        holder = self.find(Kind.EMAIL, email)
        if holder is not None and holder is not person:
            stays = keeps_first(person, holder)
            if stays is None:
                self._note_conflict(person, holder, now)
                return person
            old, person = (holder, person) if stays else (person, holder)
            self.unite(old, person, now)
        self._take(person, Kind.EMAIL, email, now)
        self._set_address(person, spelling, email, now)
        return person

    def clear_address(self, person: Person, now: int) -> None:
        """No mail goes to the contact any more; the email still finds it."""
        if person.email is not None:
            self._note(person, now, "Changed", {"email": None, "was": person.email})
            person.email = person.email_key = None
            self._rename(person, now)

    def alias(self, previous: str, user_id: str, now: int) -> Person | None:
        """Both ids are one person's, whatever was known; the contact, None where neither is known."""
        before = self.find(Kind.USER, previous) or self.find(Kind.ANONYMOUS, previous)
        person = self.find(Kind.USER, user_id) or before
        if person is None:
            return None
        if before is None:
            self._take(person, Kind.ANONYMOUS, previous, now)
        elif before is not person:
            self.unite(before, person, now)
        self.take_user_id(person, user_id, now)
        return person

    def describe(self, person: Person, given: Mapping[str, Any], now: int, *, may_subscribe: bool = True) -> None:
        """Put traits to the contact; null takes one away. `may_subscribe`: also the one that it wants no mail."""
        if not may_subscribe and given.get(UNSUBSCRIBED, True) is not True and person.traits.get(UNSUBSCRIBED) is True:
            given = {name: value for name, value in given.items() if name != UNSUBSCRIBED}
        after = rules.changed(person.traits, given)
        if after is not None:
            before, person.traits = person.traits.get(UNSUBSCRIBED), after
            self._change(person, now)
            if before != after.get(UNSUBSCRIBED) and True in (before, after.get(UNSUBSCRIBED)):
                self._choose(person, now, wants_mail=after.get(UNSUBSCRIBED) is not True)

    def note(self, person: Person, at: int, kind: str, name: str, source_id: str | None, data: str) -> None:
        """Write a line on the contact's timeline; name and data are such that they can be stored."""
        self.notes.append(Noted(person, at, kind, name, source_id, data))

    def put_on(self, person: Person, listed: str, now: int) -> None:
        """The contact is to be on a list, which is named by its id or name."""
        self.listed.setdefault(listed, {})[person] = now

    def see(self, person: Person, at: int) -> None:
        """Something of the contact happened at `at`."""
        if at > person.seen_at:
            person.seen_at = at
            self.touched[person.id] = person

    def unite(self, old: Person, kept: Person, now: int) -> None:
        """One becomes part of the other: what the other has, counts."""
        if kept.traits != (traits := rules.united(kept.traits, old.traits)):
            kept.traits = traits
        kept.user_id = kept.user_id or old.user_id
        if kept.email is None:
            kept.email, kept.email_key = old.email, old.email_key
        kept.created_at = min(kept.created_at, old.created_at)
        self.see(kept, old.seen_at)
        old.part_of = kept
        self.unions.append(Union(old, kept, now))
        self.notes.append(Noted(kept, now, What.CONTACT, "Merged", None, "", old))
        self._rename(kept, now)

    # ---- its parts ----

    def _create(self, now: int) -> Person:
        person = Person(-1 - len(self.new), created_at=now, updated_at=now, is_new=True, is_changed=True)
        self.new.append(person)
        self.touched[person.id] = person
        self._note(person, now, "Created", self.origin)
        return person

    def _take(self, person: Person, kind: Kind, value: str, now: int) -> None:
        holder = self.find(kind, value)
        if holder is not person:
            if holder is not None:
                self.moved.add((kind, value))
            self.owners[kind][value] = self.taken[kind, value] = person
            self._change(person, now)

    def _set_address(self, person: Person, spelling: str, email: str, now: int) -> None:
        if person.email_key == email:
            return
        if person.email is not None:
            self._note(person, now, "Changed", {"email": spelling, "was": person.email})
        person.email, person.email_key = spelling, email
        self._rename(person, now)
        if person.traits.get(UNSUBSCRIBED) is True:  # who wants no mail wants none at the new address either
            self.choices[person] = (False, now, self.evidence)

    def _rename(self, person: Person, now: int) -> None:
        person.is_renamed = True
        self._change(person, now)

    def _change(self, person: Person, now: int) -> None:
        person.updated_at = max(person.updated_at, now)
        person.is_changed = True
        self.touched[person.id] = person

    def _note_conflict(self, person: Person, holder: Person, now: int) -> None:
        # Not with the address: one of the two may be erased some day, and the other's timeline stays.
        self.notes.append(Noted(person, now, What.CONTACT, "Identity Conflict", None, "", holder))
        self.notes.append(Noted(holder, now, What.CONTACT, "Identity Conflict", None, "", person))

    def _choose(self, person: Person, now: int, *, wants_mail: bool) -> None:
        """The trait says that somebody has unsubscribed, or takes back what it said; only a change of it counts."""
        self.choices[person] = (wants_mail, now, self.evidence)
        self._note(person, now, "Resubscribed" if wants_mail else "Unsubscribed", {"method": "identify"})

    def _note(self, person: Person, now: int, name: str, data: Mapping[str, Any]) -> None:
        self.note(person, now, What.CONTACT, name, None, storable_json(encode(data).decode()))


def whole(person: Person) -> Person:
    """The contact that somebody has become part of, or the person."""
    while person.part_of is not None:
        person = person.part_of
    return person
