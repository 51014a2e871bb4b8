import json

import pytest

from skywrite.store.types import key, storable, storable_json


@pytest.mark.parametrize("text", ["", "plain", "\0", "a\0\0b", "\\u0000", "\\\0", "\\\\u0000", "é\0"])
def test_json_is_made_storable_as_its_strings_are(text):
    assert json.loads(storable_json(json.dumps({text: [text]}))) == {storable(text): [storable(text)]}


@pytest.mark.parametrize("text", ["u1", "é", "\0", "x" * 250, "x" * 5000, "\ud800"])
def test_a_key_stays_the_same_and_is_short(text):
    assert key(key(text)) == key(text)
    assert len(key(text).encode()) <= 1000
