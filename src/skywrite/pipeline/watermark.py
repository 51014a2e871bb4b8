"""How far a follower may say it has come when its events finish out of order: below the lowest that is not done."""

from collections import deque


class Mark:
    """One record, and how many of its events are not done."""

    __slots__ = ("open", "position")

    def __init__(self, position: int, count: int) -> None:
        self.position = position
        self.open = count

    def done(self) -> None:
        """One more of its events is done."""
        self.open -= 1


class Watermark:
    """The position up to which every record is done with."""

    def __init__(self, position: int) -> None:
        self._value = position
        self._marks: deque[Mark] = deque()
        self._last = position

    def add(self, position: int, count: int) -> Mark:
        """A record with `count` events to do; positions come in order."""
        mark = Mark(position, count)
        self._last = position
        if count or self._marks:
            self._marks.append(mark)
        return mark

    @property
    def value(self) -> int:
        """The cursor that may be committed now."""
        marks = self._marks
        while marks and marks[0].open <= 0:
            marks.popleft()
        self._value = marks[0].position - 1 if marks else self._last
        return self._value
