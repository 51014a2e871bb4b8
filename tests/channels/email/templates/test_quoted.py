import quopri

from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.templates.quoted import encoded, hole, piece

TEXTS = st.lists(st.text(alphabet=st.sampled_from("ab =.\té€\U0001f600\n-"), max_size=200), max_size=6)


@given(TEXTS)
def test_pieces_joined_say_the_same_in_lines_that_are_short_enough(parts: list[str]) -> None:
    whole = "".join(piece(part) if index % 2 else hole(part) for index, part in enumerate(parts))
    assert quopri.decodestring(whole.encode()).decode() == "".join(parts).replace("\n", "\r\n")
    assert all(len(line) <= 76 for line in whole.split("\r\n"))
    assert "\n" not in whole.replace("\r\n", "")
    assert whole.isascii()
    assert not whole.startswith(".")
    assert "\n." not in whole


@given(st.text(max_size=300))
def test_a_whole_text_too(text: str) -> None:
    whole = encoded(text)
    assert all(len(line) <= 76 and line[:1] != "." for line in whole.split("\r\n"))
    decoded = quopri.decodestring(whole.encode()).decode()
    assert decoded.split() == text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode().split()
