"""In which order segments that use one another are evaluated. Pure."""

from collections.abc import Iterable, Mapping


def in_order(uses: Mapping[int, Iterable[int]]) -> list[int]:
    """The segments, each after all that it uses; what is not a key of `uses` is not there, and no matter."""
    ordered: dict[int, None] = {}

    def visit(one: int, above: frozenset[int]) -> None:
        if one in ordered or one in above:
            return
        for other in sorted(set(uses[one]) & uses.keys()):
            visit(other, above | {one})
        ordered[one] = None

    for one in sorted(uses):
        visit(one, frozenset())
    return list(ordered)


def users_of(segment_id: int, uses: Mapping[int, Iterable[int]]) -> set[int]:
    """All segments that use it, directly or by others."""
    found: set[int] = set()
    grown = {segment_id}
    while grown:
        grown = {one for one, others in uses.items() if grown & set(others)} - found
        found |= grown
    return found
