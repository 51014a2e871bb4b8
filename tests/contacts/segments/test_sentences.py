from typing import Any

import pytest

from skywrite.contacts.segments.check import read
from skywrite.contacts.segments.sentences import Names, sentence

ORDERED = {"type": "event", "name": "Order Completed"}
NAMES = Names(lists={7: "Newsletter"}, templates={1: "Welcome"})


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"type": "trait", "name": "plan", "op": "is", "value": "pro"}, "have plan that is “pro”"),
        ({"type": "trait", "name": "a", "op": "one_of", "values": ["x", 1]}, "have a that is one of “x”, 1"),
        ({"type": "trait", "name": "b", "op": "anniversary", "days": 0}, "have the anniversary of b today"),
        (ORDERED, "did Order Completed"),
        (ORDERED | {"count": {"op": "exactly", "n": 0}}, "never did Order Completed"),
        (
            ORDERED | {"count": {"n": 3}, "when": {"type": "last", "n": 1}},
            "did Order Completed at least 3 times in the last 1 day",
        ),
        (
            ORDERED | {"which": "first", "when": {"type": "older", "n": 2, "unit": "hours"}},
            "did Order Completed for the first time more than 2 hours ago",
        ),
        (
            ORDERED | {"where": [{"name": "revenue", "op": "greater", "value": 5}]},
            "did Order Completed where revenue is more than 5",
        ),
        ({"type": "email", "activity": "opened", "template_id": 1}, "opened the template Welcome"),
        ({"type": "email", "activity": "clicked", "link_id": "l1"}, "clicked the link l1 of any mail"),
        ({"type": "list", "list_id": 7, "op": "off"}, "are not on the list Newsletter"),
        ({"type": "segment", "segment_id": 9}, "are in the segment segment_9"),
        ({"type": "subscription", "state": "suppressed"}, "are on the suppression list"),
        (
            {"type": "moment", "what": "created", "when": {"type": "between", "start": "2026-01-01"}},
            "were created since 2026-01-01",
        ),
        ({"type": "identity", "what": "email", "op": "missing"}, "have no email address"),
        ({"type": "domain", "domains": ["a.org"]}, "have an address at “a.org”"),
    ],
)  # fmt: skip
def test_each_condition_says_itself(condition: dict[str, Any], said: str) -> None:
    assert sentence(read({"match": "all", "of": [condition]}), NAMES) == said


def test_groups_are_told_apart() -> None:
    any_of = {"type": "group", "match": "any", "of": [ORDERED, {"type": "list", "list_id": 7}]}
    none_of = {"type": "group", "match": "none", "of": [ORDERED, ORDERED]}
    assert sentence(read({"match": "all", "of": [ORDERED, any_of, none_of]}), NAMES) == (
        "did Order Completed and (did Order Completed or are on the list Newsletter) "
        "and match none of (did Order Completed; did Order Completed)"
    )
