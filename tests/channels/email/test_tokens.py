import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.tokens import Purpose, StoredTokens, Tokens, rotate_keys
from skywrite.kit.errors import Refused
from skywrite.store.engine import Store
from tests.support.build import A_MOMENT

TOKENS = Tokens({1: b"k" * 32})
NUMBERS = st.integers(0, 2**63 - 1)
TARGETS = ["https://example.com/a?b=c&d=%20#there", 'https://example.com/"quoted"', "https://bücher.example/ä", "x:"]


@given(NUMBERS, st.sampled_from(list(Purpose)), st.sampled_from(list(Purpose)))
def test_a_token_opens_for_its_own_purpose_only(number: int, purpose: Purpose, asked: Purpose) -> None:
    token = TOKENS.token(purpose, number)
    assert TOKENS.opened(asked, token) == (number if asked is purpose else None)


@given(NUMBERS)
def test_its_case_does_not_matter_and_it_fits_an_address(number: int) -> None:
    token = TOKENS.token(Purpose.BOUNCE, number)
    assert TOKENS.opened(Purpose.BOUNCE, token.upper()) == number
    assert token.isalnum()
    assert len(Purpose.BOUNCE.letter + token) <= 64


@given(NUMBERS, st.integers(0, 35), st.sampled_from("0123456789abcdef"))
def test_one_character_changed_opens_nothing(number: int, at: int, new: str) -> None:
    token = TOKENS.token(Purpose.OPEN, number)
    changed = token[:at] + new + token[at + 1 :]
    assert TOKENS.opened(Purpose.OPEN, changed) == (number if changed == token else None)


@given(st.text())
def test_any_text_is_no_token(text: str) -> None:
    assert TOKENS.opened(Purpose.CLICK, text) is None
    assert TOKENS.followed(text, text, text) is None


@pytest.mark.parametrize("target", TARGETS)
def test_a_link_leads_to_its_target_byte_for_byte(target: str) -> None:
    _, _, token, link, sealed = TOKENS.links(7).path("l1", target).split("/")
    assert TOKENS.followed(token, link, sealed) == (7, target)


@given(NUMBERS, st.text(), st.data())
def test_a_link_that_was_touched_leads_nowhere(number: int, target: str, data: st.DataObject) -> None:
    path = TOKENS.links(number).path("l1", target.encode(errors="replace").decode())
    at = data.draw(st.integers(3, len(path) - 1))
    changed = path[:at] + data.draw(st.sampled_from("abcXYZ019-_/.")) + path[at + 1 :]
    _, _, token, link, *sealed = changed.split("/")
    found = TOKENS.followed(token, link, "/".join(sealed))
    assert found is None or found == TOKENS.followed(*path.split("/")[2:])


class Clock:
    """What time it is, in µs."""

    def __init__(self) -> None:
        self.now = A_MOMENT

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_new_key_opens_at_once_makes_from_a_minute_on_and_old_ones_go_on_opening(store: Store, clock: Clock) -> None:
    running, old = StoredTokens(store, clock=clock), StoredTokens(store).token(Purpose.REPLY, 5)
    begins = rotate_keys(store, clock.now)
    assert running.refresh()
    assert running.token(Purpose.REPLY, 5) == old
    new = StoredTokens(store, clock=lambda: begins).token(Purpose.REPLY, 5)
    assert new != old
    assert running.opened(Purpose.REPLY, new) == 5
    clock.now = begins
    assert running.refresh()
    assert running.token(Purpose.REPLY, 5) == new
    assert running.opened(Purpose.REPLY, old) == 5
    assert not running.refresh()


def test_links_of_a_new_key_are_followed(store: Store, clock: Clock) -> None:
    running = StoredTokens(store, clock=clock)
    clock.now = rotate_keys(store, clock.now)
    running.refresh()
    _, _, *parts = running.links(7).path("l1", TARGETS[0]).split("/")
    assert StoredTokens(store).followed(*parts) == (7, TARGETS[0])


def test_of_seventeen_keys_the_last_fifteen_open(store: Store, clock: Clock) -> None:
    running, made = StoredTokens(store, clock=clock), []
    for _ in range(16):
        made.append(running.token(Purpose.REPLY, 5))
        clock.now = rotate_keys(store, clock.now)
        running.refresh()
    made.append(running.token(Purpose.REPLY, 5))
    assert [running.opened(Purpose.REPLY, token) for token in made] == [None] * 2 + [5] * 15


def test_a_key_is_not_added_while_the_last_has_not_begun(store: Store, clock: Clock) -> None:
    with pytest.raises(Refused, match="no keys yet"):
        rotate_keys(store, clock.now)
    StoredTokens(store)
    begins = rotate_keys(store, clock.now)
    with pytest.raises(Refused, match="not begun"):
        rotate_keys(store, begins - 1)
    assert rotate_keys(store, begins) > begins


def test_another_servers_token_opens_nothing() -> None:
    assert Tokens({1: b"o" * 32}).opened(Purpose.REPLY, TOKENS.token(Purpose.REPLY, 5)) is None
