import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.tokens import Purpose, Tokens, load_tokens, rotate_keys
from skywrite.store.engine import Store

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
    _, _, token, link, sealed = TOKENS.link_path(7, "l1", target).split("/")
    assert TOKENS.followed(token, link, sealed) == (7, target)


@given(NUMBERS, st.text(), st.data())
def test_a_link_that_was_touched_leads_nowhere(number: int, target: str, data: st.DataObject) -> None:
    path = TOKENS.link_path(number, "l1", target.encode(errors="replace").decode())
    at = data.draw(st.integers(3, len(path) - 1))
    changed = path[:at] + data.draw(st.sampled_from("abcXYZ019-_/.")) + path[at + 1 :]
    _, _, token, link, *sealed = changed.split("/")
    found = TOKENS.followed(token, link, "/".join(sealed))
    assert found is None or found == TOKENS.followed(*path.split("/")[2:])


def test_old_keys_go_on_opening(store: Store) -> None:
    before = load_tokens(store).token(Purpose.REPLY, 5)
    rotate_keys(store)
    tokens = load_tokens(store)
    assert tokens.token(Purpose.REPLY, 5) != before
    assert tokens.opened(Purpose.REPLY, before) == 5


def test_another_servers_token_opens_nothing() -> None:
    assert Tokens({1: b"o" * 32}).opened(Purpose.REPLY, TOKENS.token(Purpose.REPLY, 5)) is None
