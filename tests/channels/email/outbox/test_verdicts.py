"""What a message comes to whose time is up: by what the last attempt met."""

import pytest

from skywrite.channels.email.carrying import Outcome, Stage
from skywrite.channels.email.outbox.rules import Rules
from skywrite.channels.email.outbox.verdicts import Attempt, verdict
from skywrite.channels.email.states import Observed

THREE_DAYS = 3 * 86_400_000_000

GIVEN_UP = {
    "nobody answered": (Outcome("later", Stage.CONNECT, "Connection refused"), "soft"),
    "a host that is not found now": (Outcome("later", Stage.LOOKUP, "host not found"), "soft"),
    "never greeted": (Outcome("later", Stage.CONNECT, "554 go away", 554), "block"),
    "busy to the end": (Outcome("later", Stage.RCPT, "451 busy", 451), "soft"),
    "listed to the end": (Outcome("later", Stage.RCPT, "450 blocked using bl.example", 450, "4.7.1"), "block"),
}


@pytest.mark.parametrize(("last", "bounce_class"), GIVEN_UP.values(), ids=list(GIVEN_UP))
def test_given_up_it_is_a_bounce_by_what_was_met_last(last, bounce_class) -> None:
    found = verdict(last, Attempt(9, 0, False), THREE_DAYS, Rules())
    assert (found.observed, found.bounce_class) == (Observed.BOUNCED, bounce_class)
    assert found.reason == f"expired: {last.reason}"
