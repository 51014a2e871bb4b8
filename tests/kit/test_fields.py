from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from skywrite.kit.errors import Refused
from skywrite.kit.fields import Secret, as_json, fields_of, filled_in, secret_names


class Everything(Struct, frozen=True):
    text: Annotated[str, Meta(title="Text", description="Some text.")]
    hidden: Annotated[Secret | None, Meta(title="Hidden")] = None
    number: Annotated[int, Meta(ge=1, le=5)] = 3
    share: float = 0.5
    switch: bool = False
    choice: Literal["a", "b"] = "a"
    many: Annotated[list[Literal["x", "y"]], Meta(title="Many")] = []


def test_fields_are_read_off_the_struct():
    found = {field.name: field for field in fields_of(Everything)}
    assert [field.type for field in found.values()] == [
        "string", "secret", "integer", "number", "boolean", "choice", "list",
    ]  # fmt: skip
    assert (found["text"].title, found["text"].description, found["text"].required) == ("Text", "Some text.", True)
    assert (found["number"].title, found["number"].default, found["number"].required) == ("number", 3, False)
    assert (found["choice"].choices, found["many"].choices, found["many"].default) == (["a", "b"], ["x", "y"], [])
    assert secret_names(Everything) == ["hidden"]


def test_values_may_be_typed_in():
    typed = {"text": "t", "number": "4", "share": "0.25", "switch": "true", "choice": "b", "many": "x, y"}
    assert filled_in(Everything, typed) == Everything("t", None, 4, 0.25, True, "b", ["x", "y"])


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({}, "text"),
        ({"text": "t", "number": 9}, "number"),
        ({"text": "t", "number": "nine"}, "number"),
        ({"text": "t", "choice": "c"}, "choice"),
        ({"text": "t", "many": ["z"]}, "many"),
        ({"text": "t", "hidden": 7}, "hidden"),
        ({"text": "t", "hidden": ["hush"]}, "hidden"),
        ({"text": ["t"]}, "text"),
        ({"text": "t", "other": 1}, "other"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(values, where):
    with pytest.raises(Refused) as refusal:
        filled_in(Everything, values)
    assert refusal.value.where == where
    assert "hush" not in str(refusal.value)


def test_a_secret_does_not_show_itself():
    settings = Everything("t", Secret("hush"))
    assert "hush" not in f"{settings} {settings!r} {[settings.hidden]}"


def test_what_is_left_at_its_default_is_not_stored():
    assert as_json(Everything("t")) == {"text": "t"}
    assert as_json(Everything("t", Secret("hush"), many=["x"])) == {"text": "t", "hidden": "hush", "many": ["x"]}
