import pytest

from skywrite.destinations.service import Destinations, routes
from skywrite.kit.errors import Refused
from skywrite.pipeline import cursors
from skywrite.sources.service import Sources
from skywrite.store.engine import changes_version

URL = "https://receiver.example/hook"


class Added:
    """A store with two sources; `head` is where the log stands."""

    def __init__(self, store):
        self.store, self.head = store, 41
        self.first = Sources(store).add("python", "First App")
        self.second = Sources(store).add("nodejs", "Second App")
        self.destinations = Destinations(store, lambda: self.head)

    def webhook(self, name="Hook", **settings):
        return self.destinations.add("webhook", name, [self.first.schema], {"url": URL} | settings)

    def cursor(self, destination):
        with self.store.read() as connection:
            return connection.execute(cursors.cursor_of(f"destination:{destination.id}")).scalar()

    def version(self):
        with self.store.read() as connection:
            return changes_version(connection, "destinations")


@pytest.fixture
def added(store):
    return Added(store)


@pytest.fixture
def quick(sqlite_store):
    return Added(sqlite_store)


def test_a_destination_is_added_listed_shown_changed_and_removed(added):
    made = added.webhook(authorization="Bearer hush")
    assert added.destinations.all() == [made]
    assert added.destinations.get(made.id) == added.destinations.get("Hook") == made
    assert made.sources == [added.first.id]
    assert made.enabled
    changed = added.destinations.change(
        "Hook", name="Renamed", sources=[added.second.id, added.first.schema], settings={"batch_size": 5}
    )
    assert (changed.name, changed.settings["batch_size"], changed.settings["url"]) == ("Renamed", 5, URL)
    assert set(changed.sources) == {added.first.id, added.second.id}
    added.destinations.remove(made.id)
    assert added.destinations.all() == []
    with pytest.raises(Refused) as refusal:
        added.destinations.get(made.id)
    assert refusal.value.status == 404


def test_secrets_are_shown_to_who_asks_for_them_alone(added):
    made = added.webhook(authorization="Bearer hush")
    assert made.secrets_set == ["secret", "authorization"]
    assert (made.settings["secret"], made.settings["authorization"]) == (None, None)
    assert "hush" not in repr(added.destinations.all())
    assert added.destinations.reveal("Hook", "authorization") == "Bearer hush"
    assert added.destinations.reveal("Hook", "secret").startswith("whsec_")
    with pytest.raises(Refused):
        added.destinations.reveal("Hook", "url")


def test_a_change_keeps_the_secrets_that_it_does_not_name(added):
    added.webhook(authorization="Bearer hush")
    secret = added.destinations.reveal("Hook", "secret")
    added.destinations.change("Hook", settings={"batch_size": 2, "authorization": None})
    assert added.destinations.reveal("Hook", "secret") == secret
    assert added.destinations.get("Hook").secrets_set == ["secret"]
    added.destinations.change("Hook", settings={"secret": None})
    assert added.destinations.reveal("Hook", "secret") != secret


def test_it_begins_at_the_logs_head_and_again_when_it_is_switched_on(added):
    made = added.webhook()
    assert added.cursor(made) == 41
    added.head = 99
    added.destinations.enable("Hook")
    assert added.cursor(made) == 41  # it was on already
    added.destinations.disable("Hook")
    assert added.cursor(made) is None
    assert routes(added.store) == []
    added.destinations.enable("Hook")
    assert added.cursor(made) == 99
    [route] = routes(added.store)
    assert (route.id, route.sources) == (made.id, frozenset([added.first.id]))


def test_each_change_is_announced(added):
    versions = [added.version()]
    made = added.webhook()
    versions.append(added.version())
    added.destinations.disable(made.id)
    versions.append(added.version())
    added.destinations.remove(made.id)
    versions.append(added.version())
    assert versions == sorted(set(versions))


def test_a_removed_source_is_no_longer_among_its_sources(quick):
    made = quick.webhook()
    Sources(quick.store).remove(quick.first.id)
    assert quick.destinations.get(made.id).sources == []
    assert routes(quick.store)[0].sources == frozenset()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"kind": "webhok"}, "kind"),
        ({"name": " "}, "name"),
        ({"name": "Taken"}, "name"),
        ({"sources": ["nothing"]}, "sources"),
        ({"sources": []}, "sources"),
        ({"settings": {}}, "url"),
        ({"settings": {"url": "http://127.0.0.1:9/"}}, "url"),
        ({"settings": {"url": "http://localhost/"}}, "url"),
        ({"settings": {"url": "http://[::ffff:10.0.0.1]/"}}, "url"),
        ({"settings": {"url": "http://169.254.169.254/latest/meta-data/"}}, "url"),
        ({"settings": {"url": URL, "colour": "red"}}, "colour"),
    ],
)
def test_what_cannot_be_added_is_refused_by_name_and_leaves_nothing(quick, change, where):
    quick.webhook("Taken")
    whole = {"kind": "webhook", "name": "New", "sources": [quick.first.id], "settings": {"url": URL}} | change
    with pytest.raises(Refused) as refusal:
        quick.destinations.add(**whole)
    assert refusal.value.where == where
    assert [found.name for found in quick.destinations.all()] == ["Taken"]


def test_private_addresses_may_be_allowed(sqlite_store):
    source = Sources(sqlite_store).add("python", "App")
    lenient = Destinations(sqlite_store, lambda: 0, allow_private=True)
    assert lenient.add("webhook", "Local", [source.id], {"url": "http://127.0.0.1:9/"}).enabled


def test_stored_settings_that_no_longer_fit_are_a_problem_of_that_destination_alone(quick):
    made = quick.webhook("Broken")
    quick.webhook("Fine")
    with quick.store.write() as connection:
        connection.exec_driver_sql(f"update destinations set settings = '{{}}' where id = '{made.id}'")
    found = {route.name: route for route in routes(quick.store)}
    assert found["Broken"].target is None
    assert "Address is needed" in found["Broken"].problem
    assert found["Fine"].target is not None
