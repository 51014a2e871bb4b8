import os

import pytest

from skywrite.kit.files import replace_bytes


def no_room_for_drafts(path):
    """As on a full disk, where nothing new can be written: what stands in the draft's place can't be written over."""
    path.with_name(f".{path.name}.{os.getpid()}").mkdir(parents=True)


def test_a_file_is_made_and_replaced_with_its_folder(tmp_path):
    path = tmp_path / "run" / "state.json"
    for content in (b"longer", b"short", b""):
        replace_bytes(path, content)
        assert path.read_bytes() == content
    assert [one.name for one in path.parent.iterdir()] == ["state.json"]


def test_without_room_for_a_draft_it_is_written_where_it_lies(tmp_path):
    path = tmp_path / "state.json"
    replace_bytes(path, b"a longer one")
    no_room_for_drafts(path)
    replace_bytes(path, b"shorter")
    assert path.read_bytes() == b"shorter"


def test_where_there_is_no_room_at_all_it_says_so(tmp_path):
    path = tmp_path / "state.json"
    no_room_for_drafts(path)
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system gives
        replace_bytes(path, b"new")
