from typing import Any

import pytest

from skywrite.contacts.segments.check import read
from skywrite.contacts.segments.sentences import Names, sentence

ORDERED = {"type": "event", "name": "Order Completed"}
NAMES = Names(lists={7: "Newsletter"}, templates={1: "Welcome"})


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"type": "trait", "name": "plan", "op": "is", "value": "pro"}, "whose plan is “pro”"),
        ({"type": "trait", "name": "a", "op": "one_of", "values": ["x", 1]}, "whose a is one of “x”, 1"),
        ({"type": "trait", "name": "b", "op": "anniversary", "days": 0}, "whose b has its anniversary today"),
        (ORDERED, "who did “Order Completed”"),
        (ORDERED | {"count": {"op": "exactly", "n": 0}}, "who never did “Order Completed”"),
        (ORDERED | {"count": {"op": "at_most", "n": 2}}, "who did “Order Completed” at most twice"),
        (
            ORDERED | {"count": {"n": 3}, "when": {"type": "last", "n": 1}},
            "who did “Order Completed” at least 3 times in the last day",
        ),
        (
            ORDERED | {"which": "first", "when": {"type": "older", "n": 2, "unit": "hours"}},
            "who did “Order Completed” for the first time more than 2 hours ago",
        ),
        (
            ORDERED | {"where": [{"name": "revenue", "op": "greater", "value": 5}]},
            "who did “Order Completed” where revenue is more than 5",
        ),
        ({"type": "email", "activity": "opened", "template_id": 1}, "who opened the template “Welcome”"),
        ({"type": "email", "activity": "clicked", "link_id": "l1"}, "who clicked the link “l1” of any mail"),
        ({"type": "list", "list_id": 7, "op": "off"}, "who are not on the list “Newsletter”"),
        ({"type": "segment", "segment_id": 9}, "who are in the segment segment_9"),
        ({"type": "subscription", "state": "suppressed"}, "who are on the suppression list"),
        (
            {"type": "moment", "what": "created", "when": {"type": "between", "start": "2026-01-01"}},
            "who were created since 2026-01-01",
        ),
        ({"type": "identity", "what": "email", "op": "missing"}, "who have no email address"),
        ({"type": "domain", "domains": ["a.org"]}, "who have an address at “a.org”"),
    ],
)  # fmt: skip
def test_each_condition_says_itself(condition: dict[str, Any], said: str) -> None:
    assert sentence(read({"match": "all", "of": [condition]}), NAMES) == said


def test_groups_are_told_apart() -> None:
    any_of = {"type": "group", "match": "any", "of": [ORDERED, {"type": "list", "list_id": 7}]}
    none_of = {"type": "group", "match": "none", "of": [ORDERED, ORDERED]}
    assert sentence(read({"match": "all", "of": [ORDERED, any_of, none_of]}), NAMES) == (
        "who did “Order Completed” and (who did “Order Completed” or who are on the list “Newsletter”) "
        "and who are none of those (who did “Order Completed” or who did “Order Completed”)"
    )
