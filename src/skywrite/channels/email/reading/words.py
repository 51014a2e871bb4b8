"""Phrases looked for in text: without case, white space collapsed, ` * ` for a short gap. Linear; no regex."""

import re
from collections.abc import Iterable

_GAP = 40


def folded(text: str) -> str:
    """A text as phrases are compared with it."""
    return " ".join(text.casefold().split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a table's cell, as they are written there: between bars, an underscore at an edge for a space."""
    found = (" ".join(phrase.split()) for phrase in text.split("|"))
    return tuple(re.sub(r"\A_|_\Z", " ", phrase) for phrase in found if phrase)


class Phrases:
    """A set of phrases, ready to be looked for in texts that were `folded`."""

    def __init__(self, phrases: Iterable[str]) -> None:
        made = [tuple(part.casefold() for part in phrase.split(" * ")) for phrase in phrases]
        self._plain = tuple(parts[0] for parts in made if len(parts) == 1)
        self._gapped = tuple(parts for parts in made if len(parts) > 1)

    def found_in(self, text: str) -> str | None:
        """The first of the phrases that stands in a folded text; None where none does."""
        for phrase in self._plain:
            if phrase in text:
                return phrase
        for parts in self._gapped:
            if parts[0] in text and _in_order(parts, text):
                return " * ".join(parts)
        return None


def _in_order(parts: tuple[str, ...], text: str) -> bool:
    """Whether the parts stand one after another, each within the gap after the one before."""
    ends = [at + len(parts[0]) for at in _places(parts[0], text)]
    for part in parts[1:]:
        found = (text.find(part, end, end + _GAP + len(part)) for end in ends)
        ends = [at + len(part) for at in found if at >= 0]
    return bool(ends)


def _places(part: str, text: str) -> Iterable[int]:
    """Where a part stands; the first fifty places are enough."""
    at = text.find(part)
    for _ in range(50):
        if at < 0:
            return
        yield at
        at = text.find(part, at + 1)
