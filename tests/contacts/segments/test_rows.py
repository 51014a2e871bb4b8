from datetime import UTC, datetime

import pytest

from skywrite.contacts.segments.rows import anniversary_spans
from skywrite.kit.time import to_micros


@pytest.mark.parametrize(
    ("today", "days", "born", "is_shown"),
    [
        ("2026-11-29", 0, "1980-11-29", True),
        ("2026-11-29", 0, "1980-11-30", False),
        ("2026-11-29", 3, "1980-12-02", True),
        ("2026-12-30", 5, "1999-01-03", True),
        ("2026-02-28", 0, "2000-02-29", True),  # no 29th this year
        ("2028-02-28", 0, "2000-02-29", False),
        ("2028-02-29", 0, "2000-02-29", True),
        ("2026-11-29", 0, "1850-11-29", False),
    ],
)
def test_anniversaries(today: str, days: int, born: str, is_shown: bool) -> None:
    now, moment = (to_micros(datetime.fromisoformat(each).replace(tzinfo=UTC, hour=13)) for each in (today, born))
    assert any(low <= moment < high for low, high in anniversary_spans(now, days)) is is_shown
