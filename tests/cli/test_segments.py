import json

PRO = json.dumps({"match": "all", "of": [{"type": "trait", "name": "plan", "op": "is", "value": "pro"}]})


def test_a_segment_is_added_shown_counted_and_removed(skywrite, tmp_path) -> None:
    (tmp_path / "pro.json").write_text(PRO)
    made = skywrite("segment", "add", f"@{tmp_path}/pro.json", "--name", "Pro", "--json").value
    assert (made["id"], made["state"]) == ("segment_1", "building")
    assert skywrite("segment", "list", "--json").value[0]["name"] == "Pro"
    assert "whose plan is" in skywrite("segment", "show", "segment_1").out
    assert skywrite("segment", "count", PRO, "--json").value == {"count": 0, "of": 0}
    assert skywrite("segment", "remove", "segment_1").code == 0
    assert skywrite("segment", "list", "--json").value == []


def test_what_is_wrong_is_one_sentence(skywrite) -> None:
    assert "is no JSON" in skywrite("segment", "count", "{").err
    assert "can't be read" in skywrite("segment", "count", "@nowhere.json").err
    assert "There is no segment" in skywrite("segment", "show", "segment_9").err
