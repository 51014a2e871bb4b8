"""Every body that the management API takes, by its own description: a field that nobody knows is refused by name."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DESCRIPTION = json.loads((Path(__file__).parent.parent.parent / "ui/src/api/openapi.json").read_text())
UNKNOWN = {"no_such_field": 1}


def objects_in(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each object that a schema may hold: its place, and a value whose one fault is an unknown field there."""
    for choice in schema.get("oneOf", schema.get("anyOf", [])):
        yield from objects_in(choice)
    if "$ref" in schema:
        yield from objects_in(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("type") == "array":
        for where, value in objects_in(schema["items"]):
            yield f"0.{where}", [value]
    if "properties" in schema:
        yield "", UNKNOWN
        for name, inner in schema["properties"].items():
            for where, value in objects_in(inner):
                yield f"{name}.{where}", {name: value}


def bodies() -> Iterator[tuple[str, str, str, Any]]:
    """Each as its method, its path, where the unknown field is, and the body that has it."""
    for path, operations in DESCRIPTION["paths"].items():
        for method, operation in operations.items():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                for where, value in objects_in(media["schema"]):
                    yield method, re.sub(r"\{[^}]+\}", "1", path), where, value


def test_an_unknown_field_is_refused_by_its_name(program) -> None:
    asked = list(bodies())
    assert ("post", "/api/v1/contacts/unsubscribe", "search.traits.0.") in [each[:3] for each in asked]
    taken = []
    for method, path, where, body in asked:
        answer = program.request(method, path, params={"what": "sent"}, json=body)
        if answer.status_code != 400 or not answer.json()["where"].endswith("no_such_field"):
            taken.append((method, path, where, answer.status_code, answer.text[:200]))
    assert taken == []
