"""What every refusal of the API looks like."""

from typing import Any


def problem(response: Any, status: int, where: str | None = None) -> str:
    """The sentence of a refusal, which has the one form of all refusals."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error", "where"}
    assert " " in body["error"]
    if where is not None:
        assert body["where"] == where
    return str(body["error"])
