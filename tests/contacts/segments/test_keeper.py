"""Segments kept true: by what happens, by the clock, by changes of the segments themselves."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from skywrite.contacts.activity import Activity, Kind, add_activities
from skywrite.contacts.segments import model
from skywrite.contacts.segments.check import read
from skywrite.contacts.segments.keeper import Keeper
from skywrite.contacts.segments.service import Segments
from skywrite.store import contact_tables as tables
from skywrite.store.engine import Store
from tests.support.people import DAY, NOW, Did, Person, meets, put_people
from tests.support.populations import EVENTS, comparisons, counts, events, matches, populations, whens

HOUR = DAY // 24
PRO = {"type": "trait", "name": "plan", "op": "is", "value": "pro"}
ORDERED = {"type": "event", "name": "Order Completed"}
LATELY = {**ORDERED, "when": {"type": "last", "n": 2}}


class World:
    """A store, segments, their keeper, and a clock that is set by hand."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self.segments = Segments(store, lambda: self.now)
        self.keeper = Keeper(store, lambda: self.now)

    def add(self, *conditions: dict[str, Any], name: str = "One", match: str = "all") -> int:
        """A segment, built."""
        made = self.segments.add(name, read({"match": match, "of": list(conditions)}))
        self.keep()
        return made.id

    def people(self, people: dict[int, Person]) -> None:
        with self.store.write() as connection:
            put_people(connection, people)
            connection.execute(insert(tables.contact_changes), [{"contact_id": one} for one in people])

    def does(self, contact: int, name: str = "Order Completed", at: int | None = None) -> None:
        happened = Activity(contact, self.now if at is None else at, Kind.TRACK, name, {"properties": {}})
        with self.store.write() as connection:
            add_activities(connection, [happened])

    def changes(self, contact: int, plan: str) -> None:
        trait = tables.contact_traits
        with self.store.write() as connection:
            of = (trait.c.contact_id == contact, trait.c.name == "plan")
            connection.execute(update(trait).where(*of).values(text=plan))
            connection.execute(insert(tables.contact_changes).values(contact_id=contact))

    def keep(self) -> None:
        while self.keeper.step():
            pass

    def later(self, micros: int) -> None:
        self.now += micros
        self.keep()

    def members(self, segment: int) -> set[int]:
        with self.store.read() as connection:
            kept = tables.segment_members.c
            return set(connection.execute(select(kept.contact_id).where(kept.segment_id == segment)).scalars())

    def told(self) -> list[tuple[int, str, str]]:
        """Who entered and left what, in order."""
        a = tables.activities.c
        with self.store.read() as connection:
            rows = connection.execute(select(a.contact_id, a.name, a.data).where(a.kind == "segment").order_by(a.id))
            return [(row.contact_id, row.name.split()[0], row.data["segment_name"]) for row in rows]


@pytest.fixture
def world(sqlite_store: Store) -> World:
    return World(sqlite_store)


@pytest.fixture
def everywhere(store: Store) -> World:
    """On SQLite and then on PostgreSQL."""
    return World(store)


def test_a_new_segment_is_built_and_nobody_entered_it(world: World) -> None:
    world.people({1: Person({"plan": "pro"}), 2: Person({"plan": "free"})})
    made = world.segments.add("Pro", read({"match": "all", "of": [PRO]}))
    assert made.state == "building"
    world.keep()
    assert world.members(made.id) == {1}
    assert world.told() == []
    shown = world.segments.get(made.id)
    assert (shown.state, shown.members) == ("ready", 1)


def test_who_does_it_enters_and_whose_trait_changes_leaves(everywhere: World) -> None:
    world = everywhere
    world.people({1: Person({"plan": "pro"}), 2: Person({"plan": "free"})})
    segment = world.add(PRO, ORDERED)
    world.does(1)
    world.does(2)
    world.keep()
    assert world.members(segment) == {1}
    world.changes(1, "free")
    world.keep()
    assert world.told() == [(1, "Entered", "One"), (1, "Left", "One")]
    assert world.segments.get(segment).members == 0
    hour = world.segments.history(segment, 24)[-1]
    assert (hour.members, hour.entered, hour.left) == (0, 1, 1)


def test_what_no_segment_asks_for_evaluates_nobody(world: World) -> None:
    world.people({1: Person()})
    world.add(ORDERED)
    world.does(1, "Something Else")
    assert world.keeper.step()
    assert world.told() == []
    assert not world.keeper.step()


def test_time_alone_lets_one_leave(world: World) -> None:
    world.people({1: Person(did=[Did(at=NOW - DAY)]), 2: Person(did=[Did(at=NOW)])})
    segment = world.add(LATELY)
    assert world.members(segment) == {1, 2}
    world.later(DAY + 2_000_000)
    assert world.members(segment) == {2}
    assert world.told() == [(1, "Left", "One")]


def test_time_alone_lets_one_enter(world: World) -> None:
    world.people({1: Person(did=[Did(at=NOW)])})
    segment = world.add({**LATELY, "count": {"op": "exactly", "n": 0}})
    world.later(3 * DAY)
    assert world.members(segment) == {1}


def test_a_keeper_that_was_away_catches_up_with_the_clock(world: World) -> None:
    world.people({1: Person({"born": "1980-11-30"}, did=[Did(at=NOW)])})
    segment = world.add({"type": "trait", "name": "born", "op": "anniversary", "days": 0})
    world.keeper = Keeper(world.store, lambda: world.now)
    world.later(7 * DAY)
    assert world.members(segment) == {1}
    world.later(DAY)
    assert world.members(segment) == set()


def test_segments_that_use_segments_follow_in_order(everywhere: World) -> None:
    world = everywhere
    world.people({1: Person({"plan": "pro"}), 2: Person({"plan": "free"})})
    first = world.add(ORDERED, name="Ordered")
    second = world.add({"type": "segment", "segment_id": first}, PRO, name="Pro and ordered")
    third = world.add(ORDERED, {"type": "segment", "segment_id": first, "op": "out"}, name="Nobody, ever")
    world.does(1)
    world.keep()
    assert (world.members(first), world.members(second), world.members(third)) == ({1}, {1}, set())
    assert world.told() == [(1, "Entered", "Ordered"), (1, "Entered", "Pro and ordered")]


def test_another_definition_is_built_anew_and_so_are_its_users(world: World) -> None:
    world.people({1: Person({"plan": "pro"}), 2: Person({"plan": "free"})})
    first = world.add(PRO, name="Pro")
    second = world.add({"type": "segment", "segment_id": first}, name="User")
    world.segments.change(first, definition=read({"match": "none", "of": [PRO]}))
    world.keep()
    assert (world.members(first), world.members(second)) == ({2}, {2})
    assert world.told() == []


def test_an_erased_contact_leaves_without_a_trace(world: World) -> None:
    world.people({1: Person({"plan": "pro"})})
    segment = world.add(PRO)
    with world.store.write() as connection:
        connection.execute(delete(tables.contact_traits))
        connection.execute(delete(tables.contacts))
        connection.execute(insert(tables.contact_changes).values(contact_id=1))
    world.keep()
    assert world.members(segment) == set()
    assert world.told() == []
    assert world.segments.get(segment).members == 0


def test_a_removed_segment_takes_its_members_along(world: World) -> None:
    world.people({1: Person({"plan": "pro"})})
    segment = world.add(PRO)
    world.segments.remove(segment)
    assert world.segments.all() == []
    world.keep()
    assert world.members(segment) == set()
    world.add(PRO, name="One")


def test_one_that_cannot_be_evaluated_takes_nothing_from_the_others(world: World) -> None:
    world.people({1: Person({"plan": "pro"})})
    first, second = world.add(PRO, name="A"), world.add(PRO, name="B")
    with world.store.write() as connection:
        broken = {"match": "all", "of": [{"type": "trait", "name": "plan", "op": "greater", "value": "x"}]}
        connection.execute(update(tables.segments).where(tables.segments.c.id == first).values(definition=broken))
    world.changes(1, "free")
    world.keep()
    assert world.segments.get(first).state == "failing"
    assert world.members(second) == set()


def test_a_definition_that_is_mended_while_the_old_one_fails_is_built(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.people({1: Person({"plan": "pro"})})
    made = world.segments.add("One", read({"match": "all", "of": [ORDERED]})).id

    def fails(*_: object) -> None:
        world.now += 1
        world.segments.change(made, definition=read({"match": "all", "of": [PRO]}))
        raise ValueError("nobody can build this")

    with monkeypatch.context() as patched:
        patched.setattr("skywrite.contacts.segments.keeper.build", fails)
        world.keeper.step()
    assert world.segments.get(made).state == "building"
    world.keep()
    assert (world.segments.get(made).state, world.members(made)) == ("ready", {1})


def test_what_was_followed_is_forgotten_and_the_cursor_moves(world: World) -> None:
    world.people({1: Person()})
    world.does(1)
    world.keep()
    with world.store.read() as connection:
        assert connection.execute(select(tables.contact_changes)).all() == []
        position = connection.execute(select(tables.activities.c.id)).scalar_one()
    with world.store.read() as connection:
        from skywrite.contacts.segments.keeper import FOLLOWER
        from skywrite.pipeline.cursors import cursor

        assert cursor(connection, FOLLOWER) == position


# ---- the law: after every step each segment is what it says, whatever happened and however time passed ---------------

timed = st.one_of(
    events(),
    comparisons(
        model.Trait, [model.Op.IN_LAST, model.Op.IN_NEXT, model.Op.ANNIVERSARY, model.Op.BEFORE], ["born", "score"]
    ),
    st.builds(model.Moment, what=st.sampled_from(["created", "seen"]), when=whens()),
    st.builds(
        model.EmailCondition,
        activity=st.sampled_from(["opened", "sent", "clicked", "bounced"]),
        count=counts,
        when=whens(),
    ),
)
kept_definitions = st.builds(model.Group, match=matches, of=st.lists(timed, min_size=1, max_size=3))
steps = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1_000_000, 60_000_000, HOUR, 7 * HOUR, DAY, 9 * DAY])),
    st.tuples(st.just("do"), st.integers(1, 4), st.sampled_from(EVENTS), st.integers(-3, 1)),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(
    people=populations(),
    wanted=st.lists(kept_definitions, min_size=3, max_size=3),
    happening=st.lists(steps, min_size=3, max_size=6),
)
def test_after_every_step_each_segment_is_true(
    sqlite_store: Store, people: dict[int, Person], wanted: list[model.Group], happening: list[Any]
) -> None:
    _clear(sqlite_store)
    world = World(sqlite_store)
    world.people(people)
    made = {world.segments.add(f"S{n}", definition).id: definition for n, definition in enumerate(wanted)}
    world.keep()
    for what, *how in happening:
        if what == "wait":
            world.later(how[0])
        elif how[0] in people:
            _do(world, people, *how)
        for segment, definition in made.items():
            meant = {one for one, person in people.items() if meets(person, definition, world.now)}
            assert world.members(segment) == meant, definition


def _do(world: World, people: dict[int, Person], contact: int, name: str, days: int) -> None:
    at = world.now + days * DAY
    people[contact].did.append(Did(name, at))
    people[contact].seen = max(people[contact].seen, at)
    seen = update(tables.contacts).where(tables.contacts.c.id == contact).values(seen_at=people[contact].seen)
    world.does(contact, name, at)
    with world.store.write() as connection:
        connection.execute(seen)
    world.keep()


def _clear(store: Store) -> None:
    with store.write() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            if table.name != "changes":
                connection.execute(delete(table))
