"""The quick way, in columns: some thousand events of one source -> pieces of tables. What it can't do it hands back.

It reads the same bytes as `events_of` and `rows_of` do one event at a time, and tests hold it to them. Handed back, for
the plain way, are: events with keys that no shape knows yet, escaped NULs, lone surrogates, ids that are booleans,
aliases, an envelope's context under an event's own, numbers beyond a double, properties named `context_...`.
"""

from collections import defaultdict
from collections.abc import Sequence

from skywrite.warehouse.assembly import QUICK_TYPES, Assembly, Group
from skywrite.warehouse.calls import CallReader, Calls, Item, Taken
from skywrite.warehouse.columns import OBJECTS_OF
from skywrite.warehouse.known import Known, objects_of
from skywrite.warehouse.naming import Spelling, table_name
from skywrite.warehouse.pieces import Piece

_MOST_SHAPES = 2_000


class SourceReader:
    """Reads the events of one source; what their objects look like it learns as it goes."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self._calls = CallReader(spelling)
        self._payloads: dict[tuple[str, str], Known] = {}

    def read(self, taken: Sequence[Taken]) -> tuple[list[Piece], list[Item]]:
        """The events of `taken` as pieces of tables, and those that are left to the plain way."""
        decoded, left = self._calls.read(taken)
        groups = self._grouped(decoded, taken, left)
        if not groups:
            return [], left
        return Assembly(taken, decoded, groups, self._calls.context, self._spelling).pieces(), left

    def _grouped(self, decoded: Calls, taken: Sequence[Taken], left: list[Item]) -> list[Group]:
        members: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, (kind, call) in enumerate(zip(decoded.types, decoded.calls, strict=True)):
            members[kind, call.event if kind == "track" else ""].append(number)
        groups: list[Group] = []
        for (kind, event), numbers in members.items():
            bad = numbers
            if kind in QUICK_TYPES and (kind != "track" or table_name(event or "", self._spelling)):
                bad = self._add_group(kind, event, numbers, decoded, groups)
            left += [(taken[decoded.owners[number]][0], decoded.items[number]) for number in bad]
        return sorted(groups, key=lambda group: QUICK_TYPES.index(group.type))

    def _add_group(self, kind: str, event: str, numbers: list[int], decoded: Calls, groups: list[Group]) -> list[int]:
        """Append the group of events `numbers`; the numbers of those that it can't take."""
        known = self._payload_of(kind, event)
        field = "traits" if kind in OBJECTS_OF else "properties"
        raws = [getattr(decoded.calls[number], field) for number in numbers]
        objects, failed = objects_of(raws, known)
        bad: list[int] = []
        if failed:
            bad = [numbers[index] for index in failed]
            out = set(failed)
            numbers = [number for index, number in enumerate(numbers) if index not in out]
        if numbers:
            groups.append(Group(kind, event, numbers, known.targets, known.shape.columns(objects)))
        return bad

    def _payload_of(self, kind: str, event: str) -> Known:
        known = self._payloads.pop((kind, event), None) or Known("", self._spelling)
        self._payloads[kind, event] = known
        if len(self._payloads) > _MOST_SHAPES:
            del self._payloads[next(iter(self._payloads))]  # the one that was longest unused
        return known
