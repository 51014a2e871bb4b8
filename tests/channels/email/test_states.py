import pytest

from skywrite.channels.email.states import STATUS_AFTER, MessageState, Observed, after

FINAL = [MessageState.REJECTED, MessageState.BOUNCED]


@pytest.mark.parametrize("observed", list(Observed))
@pytest.mark.parametrize("state", FINAL)
def test_what_is_over_stays_so(state: MessageState, observed: Observed) -> None:
    assert after(state, observed) is state


@pytest.mark.parametrize(
    ("state", "observed", "expected"),
    [
        ("delivered", "bounced", "bounced"),
        ("delivered", "deferred", "delivered"),
        ("delivered", "claimed", "delivered"),
        ("sent", "delivered", "delivered"),
        ("sent", "seen", "sent"),
        ("sending", "lost", "unknown"),
        ("unknown", "seen", "delivered"),
        ("unknown", "claimed", "unknown"),
        ("queued", "delivered", "queued"),
    ],
)
def test_it_moves_as_the_table_says(state: str, observed: str, expected: str) -> None:
    assert after(MessageState(state), Observed(observed)) is MessageState(expected)


def test_no_state_but_queued_and_deferred_is_ever_claimed() -> None:
    assert {state for state, observed in STATUS_AFTER if observed is Observed.CLAIMED} == {
        MessageState.QUEUED,
        MessageState.DEFERRED,
    }
