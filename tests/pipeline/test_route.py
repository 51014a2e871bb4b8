import pytest

from skywrite.pipeline.route import is_let_through, user_of
from tests.support.build import an_event


@pytest.mark.parametrize(
    ("integrations", "goes"),
    [
        ({}, True),
        (None, True),
        ("odd", True),
        ({"All": True}, True),
        ({"All": False}, False),
        ({"Other": False}, True),
        ({"Webhook": False}, False),
        ({"Webhook": True}, True),
        ({"All": False, "Webhook": True}, True),
        ({"All": False, "Webhook": {"key": 1}}, True),
        ({"All": False, "Webhook": {}}, True),
        ({"All": False, "webhook": True}, False),
        ({"All": True, "Webhook": False}, False),
        ({"All": False, "Webhook": None}, False),
    ],
)
def test_the_integrations_object_decides(integrations, goes):
    assert is_let_through(an_event(integrations=integrations), "Webhook") is goes


@pytest.mark.parametrize(
    ("event", "user"),
    [
        ({"userId": "u", "anonymousId": "a", "messageId": "m"}, "u"),
        ({"anonymousId": "a", "messageId": "m"}, "a"),
        ({"messageId": "m"}, "m"),
        ({"userId": "a\0b"}, "a␀b"),
    ],
)
def test_a_user_is_the_user_id_or_else_the_anonymous_one(event, user):
    assert user_of(event) == user


def test_long_ids_stay_apart():
    first, second = user_of({"userId": "x" * 5000}), user_of({"userId": "x" * 5000 + "y"})
    assert first != second
    assert len(first.encode()) <= 1000
