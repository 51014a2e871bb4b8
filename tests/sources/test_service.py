from concurrent.futures import ThreadPoolExecutor

import pytest

from skywrite.kit.errors import Refused
from skywrite.sources.service import Sources
from skywrite.store.engine import Store, changes_version

HOUR = 3600 * 1_000_000


class Clock:
    def __init__(self) -> None:
        self.now = 1_795_450_295_000_000

    def __call__(self) -> int:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sources(store: Store, clock: Clock) -> Sources:
    return Sources(store, clock)


def version(store: Store) -> int:
    with store.read() as connection:
        return changes_version(connection, "sources")


class TestAdd:
    def test_a_new_source_is_there_with_a_key(self, sources: Sources) -> None:
        added = sources.add("autopilothq", "AutopilotHQ", {"env": "prod"})
        assert sources.get(added.id) == sources.get("autopilothq") == added
        assert (added.kind, added.name, added.enabled) == ("autopilothq", "AutopilotHQ", True)
        assert added.labels == {"env": "prod"}
        assert [len(key) for key in added.write_keys] == [32]

    def test_two_never_share_a_schema(self, sources: Sources) -> None:
        assert [sources.add("python", "Web").schema for _ in range(3)] == ["web", "web_2", "web_3"]

    def test_many_at_once_never_share_a_schema(self, sources: Sources) -> None:
        with ThreadPoolExecutor(4) as threads:
            added = list(threads.map(lambda _: sources.add("python", "Web").schema, range(8)))
        assert len(set(added)) == 8

    def test_a_name_that_continues_another_keeps_its_own(self, sources: Sources) -> None:
        sources.add("python", "Web shop")
        assert sources.add("python", "Web").schema == "web"

    def test_a_schema_that_is_written_out_is_taken_as_it_is(self, sources: Sources) -> None:
        assert sources.add("python", "Whatever", schema="shop").schema == "shop"
        with pytest.raises(Refused, match="belongs to another") as refused:
            sources.add("python", "Else", schema="shop")
        assert (refused.value.where, refused.value.status) == ("schema", 409)

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"kind": "fax"}, "kind"),
            ({"name": ""}, "name"),
            ({"name": "   "}, "name"),
            ({"name": "a\x00b"}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"labels": {"1a": "b"}}, "labels"),
            ({"labels": {"a": "b c"}}, "labels"),
            ({"labels": {"": "b"}}, "labels"),
            ({"labels": {"a": ""}}, "labels"),
            ({"labels": {f"l{n}": "x" for n in range(51)}}, "labels"),
            ({"schema": "Not Good"}, "schema"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_added(self, sources: Sources, change, where) -> None:
        with pytest.raises(Refused) as refused:
            sources.add(**({"kind": "python", "name": "Web"} | change))
        assert refused.value.where == where
        assert sources.all() == []


class TestChange:
    def test_a_rename_keeps_the_schema(self, sources: Sources) -> None:
        sources.add("python", "Web")
        renamed = sources.change("web", name="Shop")
        assert (renamed.name, renamed.schema) == ("Shop", "web")

    def test_it_is_switched_off_and_on(self, sources: Sources) -> None:
        sources.add("python", "Web")
        assert sources.change("web", enabled=False).enabled is False
        assert sources.change("web", enabled=True).enabled is True

    def test_labels_are_replaced(self, sources: Sources) -> None:
        sources.add("python", "Web", {"env": "prod"})
        assert sources.change("web", labels={"team": "growth"}).labels == {"team": "growth"}

    def test_every_change_is_announced(self, sources: Sources, store: Store) -> None:
        sources.add("python", "Web")
        seen = [version(store)]
        for act in (
            lambda: sources.change("web", name="Shop"),
            lambda: sources.rotate("web"),
            lambda: sources.revoke("web", sources.get("web").write_keys[-1]),
            lambda: sources.remove("web"),
        ):
            act()
            seen.append(version(store))
        assert seen == sorted(set(seen))

    @pytest.mark.parametrize("ref", ["nope", "", "a\x00b", "x" * 5000, "'; drop table sources"])
    def test_an_unknown_source_is_refused(self, sources: Sources, ref: str) -> None:
        for act in (sources.get, sources.remove, sources.rotate, lambda each: sources.change(each, name="x")):
            with pytest.raises(Refused) as refused:
                act(ref)
            assert refused.value.status == 404


class TestRemove:
    def test_it_is_gone_and_its_schema_is_never_used_again(self, sources: Sources) -> None:
        sources.add("python", "Web")
        sources.remove("web")
        assert sources.all() == []
        assert sources.add("python", "Web").schema == "web_2"


class TestKeys:
    def test_a_new_key_comes_first_and_the_old_one_works_through_the_grace(self, sources, clock) -> None:
        old = sources.add("python", "Web").write_keys[0]
        rotated = sources.rotate("web", grace_hours=2)
        assert rotated.write_keys[1:] == [old]
        assert rotated.keys[0].expires_at is None
        clock.now += 2 * HOUR - 1_000_000
        assert old in sources.get("web").write_keys
        clock.now += 2_000_000
        assert sources.get("web").write_keys == rotated.write_keys[:1]

    def test_without_grace_the_old_key_ends_at_once(self, sources: Sources) -> None:
        old = sources.add("python", "Web").write_keys[0]
        assert old not in sources.rotate("web", grace_hours=0).write_keys

    def test_a_second_rotation_prolongs_no_key(self, sources, clock) -> None:
        sources.add("python", "Web")
        first_end = sources.rotate("web", grace_hours=1).keys[1].expires_at
        keys = sources.rotate("web", grace_hours=100).keys
        assert keys[2].expires_at == first_end

    @pytest.mark.parametrize("grace", [-1, 9000, float("nan")])
    def test_a_grace_that_makes_no_sense_is_refused(self, sources: Sources, grace: float) -> None:
        sources.add("python", "Web")
        with pytest.raises(Refused):
            sources.rotate("web", grace)

    def test_a_key_is_ended_but_not_the_last(self, sources: Sources) -> None:
        old = sources.add("python", "Web").write_keys[0]
        new = sources.rotate("web").write_keys[0]
        assert sources.revoke("web", old).write_keys == [new]
        with pytest.raises(Refused, match="last write key"):
            sources.revoke("web", new)
        with pytest.raises(Refused, match="no write key"):
            sources.revoke("web", old)
