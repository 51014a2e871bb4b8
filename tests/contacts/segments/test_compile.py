"""The compiled SQL against the plain reading of a definition, on random people, SQLite and PostgreSQL."""

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from skywrite.contacts.segments.check import check
from skywrite.contacts.segments.compile import members, members_among
from skywrite.contacts.segments.model import Group
from skywrite.store.engine import Store
from tests.support.people import NOW, Person, meets, put_people
from tests.support.populations import definitions, populations


@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=populations(), wanted=st.lists(definitions, min_size=6, max_size=6))
def test_sql_says_what_is_meant(store: Store, people: dict[int, Person], wanted: list[Group]) -> None:
    with store.engine.connect() as connection:
        put_people(connection, people)
        for definition in wanted:
            check(definition)
            meant = {identifier for identifier, person in people.items() if meets(person, definition)}
            assert set(connection.execute(members(definition, NOW)).scalars()) == meant, definition
            among = connection.execute(members_among(definition, NOW, list(people))).scalars().all()
            assert sorted(among) == sorted(meant), definition
        connection.rollback()
