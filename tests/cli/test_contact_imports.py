"""`skywrite contact import` of a file whose encoding can't be guessed."""

import json


def test_a_file_in_another_encoding_is_imported_by_its_name_alone(skywrite, tmp_path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("email,備考\na@x.com,東京\n".encode("cp932"))
    refused = skywrite("contact", "import", str(file))
    assert refused.code != 0
    assert "choose its encoding" in refused.err
    assert skywrite("contact", "show", "a@x.com").code != 0
    assert skywrite("contact", "import", str(file), "--encoding", "cp932").code == 0
    assert json.loads(skywrite("contact", "show", "a@x.com", "--json").out)["traits"] == {"備考": "東京"}
