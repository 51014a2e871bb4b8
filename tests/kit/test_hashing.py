import pytest

from skywrite.kit.hashing import ID_BYTES, NO_ID, id_hash, id_hashes


def test_a_message_id_has_one_hash_a_source():
    assert id_hash("src_1", "m") == id_hash("src_1", "m")
    assert len({id_hash("src_1", "m"), id_hash("src_1", "n"), id_hash("src_2", "m"), NO_ID}) == 4


@pytest.mark.parametrize("none", [None, ""])
def test_what_has_no_message_id_has_no_hash(none):
    assert id_hash("src_1", none) == NO_ID


def test_several_are_the_hashes_of_each():
    several = id_hashes("src_1", ["a", None, "b", ""])
    assert several == id_hash("src_1", "a") + NO_ID + id_hash("src_1", "b") + NO_ID
    assert len(several) == 4 * ID_BYTES
