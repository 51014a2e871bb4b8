import pytest

from skywrite.channels.email.outbox.addresses import is_writable
from skywrite.channels.email.outbox.rules import Facts, Rules, Skip, are_hard, next_try, why_not

HOUR, DAY, MINUTE = 3_600_000_000, 86_400_000_000, 60_000_000
GOOD = "ada@example.com"

WHO_IS_SKIPPED = [
    ({}, None),
    ({"email": ""}, Skip.NO_ADDRESS),
    ({"email": "ada"}, Skip.INVALID_ADDRESS),
    ({"is_contact_gone": True, "email": ""}, Skip.CONTACT_DELETED),
    ({"was_sent": True}, Skip.SENT_ALREADY),
    ({"was_sent": True, "is_transactional": True}, None),
    ({"had_broadcast": True, "is_transactional": True}, Skip.HAD_BROADCAST),
    ({"suppressions": [("all", "unsubscribed")]}, Skip.UNSUBSCRIBED),
    ({"suppressions": [("all", "unsubscribed")], "is_transactional": True}, None),
    ({"suppressions": [("7", "unsubscribed")], "topic": "7"}, Skip.UNSUBSCRIBED_TOPIC),
    ({"suppressions": [("7", "unsubscribed")], "topic": "8"}, None),
    ({"suppressions": [("7", "unsubscribed")]}, None),
    ({"suppressions": [("7", "unsubscribed")], "topic": "7", "is_transactional": True}, None),
    ({"suppressions": [("all", "hard_bounce")]}, Skip.HARD_BOUNCE),
    ({"suppressions": [("all", "hard_bounce")], "is_transactional": True}, Skip.HARD_BOUNCE),
    ({"suppressions": [("all", "repeated_soft")], "is_transactional": True}, Skip.REPEATED_SOFT),
    ({"suppressions": [("all", "complaint")]}, Skip.COMPLAINT),
    ({"suppressions": [("all", "complaint")], "is_transactional": True}, Skip.COMPLAINT),
    ({"suppressions": [("all", "manual")], "is_transactional": True}, Skip.MANUAL),
    ({"suppressions": [("all", "imported")]}, Skip.IMPORTED),
    ({"suppressions": [("all", "imported")], "is_transactional": True}, None),
    ({"suppressions": [("all", "erased")], "is_transactional": True}, Skip.ERASED),
    ({"suppressions": [("all", "unsubscribed"), ("all", "hard_bounce")]}, Skip.HARD_BOUNCE),
]


@pytest.mark.parametrize(("facts", "skip"), WHO_IS_SKIPPED)
def test_who_is_not_written_to(facts: dict, skip: Skip | None) -> None:
    assert why_not(Facts(**{"email": GOOD, **facts}), Rules()) is skip


def test_complaints_stop_transactional_mail_by_setting() -> None:
    facts = Facts(GOOD, is_transactional=True, suppressions=[("all", "complaint")])
    assert why_not(facts, Rules(complaints_stop_transactional=False)) is None


# attempt, chance, after -> minutes until the next try
WHEN_IT_IS_TRIED_AGAIN = [
    (1, 0.0, 0, 5),
    (1, 1.0, 0, 15),
    (2, 1.0, 0, 20),
    (2, 0.0, 0, 10),
    (3, 1.0, 0, 40),
    (9, 1.0, 0, 240),
    (1, 0.0, 3600, 60),
]


@pytest.mark.parametrize(("attempt", "chance", "after", "minutes"), WHEN_IT_IS_TRIED_AGAIN)
def test_when_it_is_tried_again(attempt: int, chance: float, after: int, minutes: int) -> None:
    due = next_try(attempt, 0, HOUR, Rules(), is_transactional=False, after=after, chance=chance)
    assert due == HOUR + minutes * MINUTE


@pytest.mark.parametrize(
    ("hours", "is_transactional", "again"), [(47, False, True), (48, False, False), (23, True, True), (24, True, False)]
)
def test_it_is_given_up_when_its_time_is_over(hours: int, is_transactional: bool, again: bool) -> None:
    due = next_try(2, 0, hours * HOUR, Rules(), is_transactional=is_transactional, chance=0.0)
    assert (due is not None) is again


@pytest.mark.parametrize(
    ("days", "life", "hard"),
    [
        ([0, 2, 4, 6, 8], -1, True),
        ([0, 1, 2, 3, 4], -1, False),
        ([0, 3, 6, 9], -1, False),
        ([0, 2, 4, 6, 8], 1, False),
        ([0, 2, 4, 6, 8, 10], 1, True),
    ],
)
def test_soft_bounces_again_and_again_are_hard(days: list[int], life: int, hard: bool) -> None:
    assert are_hard([day * DAY for day in days], life * DAY, Rules()) is hard


@pytest.mark.parametrize("email", [GOOD, "o'neil+x@sub.example.co", "ü@exämple.com", "a@localhost"])
def test_addresses_that_can_be_written_to(email: str) -> None:
    assert is_writable(email)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.de",
        "a@b@c",
        "a\r\nBcc: x@y.z",
        ".a@b.c",
        "a..b@c.de",
        "a@-b.de",
        "a@b..c",
        f"{'x' * 65}@b.c",
        f"a@{'b' * 64}.c",
    ],
)
def test_addresses_that_cannot(email: str) -> None:
    assert not is_writable(email)
