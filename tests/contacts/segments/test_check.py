from typing import Any

import pytest

from skywrite.contacts.segments.check import conditions, read, used_segments
from skywrite.contacts.segments.model import DEEPEST, MOST_CONDITIONS
from skywrite.kit.errors import Refused

PRO = {"type": "trait", "name": "plan", "op": "is", "value": "pro"}


def trait(op: str, **given: Any) -> dict[str, Any]:
    return {"type": "trait", "name": "n", "op": op, **given}


def event(**given: Any) -> dict[str, Any]:
    return {"type": "event", "name": "A", **given}


def nested(depth: int) -> dict[str, Any]:
    group: dict[str, Any] = {"type": "group", "match": "all", "of": [PRO]}
    for _ in range(depth - 1):
        group = {"type": "group", "match": "any", "of": [group]}
    return group


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        ({"type": "fax"}, "of[0].type"),
        ({"type": "trait", "name": "", "op": "is", "value": 1}, "of[0].name"),
        (trait("like", value="a"), "of[0].op"),
        (trait("is"), "of[0].value"),
        (trait("contains", value=5), "of[0].value"),
        (trait("greater", value="5"), "of[0].value"),
        (trait("greater", value=True), "of[0].value"),
        (trait("is", value=10**400), "of[0].value"),
        (trait("between", value=5, high=4), "of[0].high"),
        (trait("one_of"), "of[0].values"),
        (trait("before", value="yesterday"), "of[0].value"),
        (trait("in_last"), "of[0].days"),
        (trait("in_last", days=0), "of[0].days"),
        (trait("anniversary", days=61), "of[0].days"),
        (event(count={"op": "at_least", "n": 0}), "of[0].count.n"),
        (event(count={"op": "at_least", "n": -1}), "of[0].count.n"),
        (event(count={"n": 2}, which="first"), "of[0].count"),
        (event(when={"type": "last", "n": 0}), "of[0].when.n"),
        (event(when={"type": "between"}), "of[0].when"),
        (event(when={"type": "between", "start": "soon"}), "of[0].when.start"),
        (event(when={"type": "between", "start": "2026-11-02", "end": "2026-11-01"}), "of[0].when.end"),
        (event(where=[{"name": "a", "op": "in_last"}]), "of[0].where[0].op"),
        (event(where=[{"name": 'a"b', "op": "exists"}]), "of[0].where[0].name"),
        ({"type": "email", "activity": "opened", "link_id": "x"}, "of[0].link_id"),
        ({"type": "email", "activity": "sent", "template_id": 1, "broadcast_id": 1}, "of[0].broadcast_id"),
        ({"type": "list", "list_id": 0}, "of[0].list_id"),
        ({"type": "list", "list_id": "list_0"}, "of[0].list_id"),
        ({"type": "list", "list_id": "segment_1"}, "of[0].list_id"),
        ({"type": "group", "match": "all", "of": [{"type": "list", "list_id": "7"}]}, "of[0].of[0].list_id"),
        ({"type": "subscription", "state": "unsubscribed_topic"}, "of[0].topic_id"),
        ({"type": "domain", "domains": []}, "of[0].domains"),
        ({"type": "group", "match": "all", "of": []}, "of[0]"),
        ({"type": "group", "match": "some", "of": [PRO]}, "of[0].match"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(condition: dict[str, Any], where: str) -> None:
    with pytest.raises(Refused) as refused:
        read({"match": "all", "of": [condition]})
    assert refused.value.where.startswith(f"definition.{where}".removesuffix(".type"))
    assert str(refused.value).endswith(".")


def test_what_is_no_definition_is_refused() -> None:
    for raw in (None, 5, [], {}, {"match": "all", "of": []}):
        with pytest.raises(Refused):
            read(raw)


def test_there_are_bounds() -> None:
    assert len(list(conditions(read(nested(DEEPEST))))) == 1
    with pytest.raises(Refused, match="nest at most"):
        read(nested(DEEPEST + 1))
    with pytest.raises(Refused, match="at most 50 conditions"):
        read({"match": "any", "of": [PRO] * (MOST_CONDITIONS + 1)})


def test_the_segments_that_it_uses_are_found_however_deep() -> None:
    inner = {"type": "group", "match": "none", "of": [{"type": "segment", "segment_id": 7}]}
    assert used_segments(read({"match": "all", "of": [PRO, inner, {"type": "segment", "segment_id": 3}]})) == {3, 7}


@pytest.mark.parametrize(
    "condition",
    [
        {"type": "list", "list_id": 7},
        {"type": "segment", "segment_id": 7},
        {"type": "email", "activity": "sent", "template_id": 7},
        {"type": "email", "activity": "sent", "broadcast_id": 7},
        {"type": "subscription", "state": "unsubscribed_topic", "topic_id": 7},
    ],
)
def test_an_id_may_be_written_as_the_api_gives_it(condition) -> None:
    written = {name: f"{name.removesuffix('_id')}_7" if value == 7 else value for name, value in condition.items()}
    for depth in (1, DEEPEST):
        as_number, as_id = nested(depth), nested(depth)
        for definition, one in ((as_number, condition), (as_id, written)):
            inner = definition
            while inner["of"] != [PRO]:
                (inner,) = inner["of"]
            inner["of"] = [one]
        assert read(as_id) == read(as_number)
