from pathlib import Path


def test_a_template_is_added_published_and_looked_at(skywrite, tmp_path: Path) -> None:
    file = tmp_path / "note.html"
    file.write_text(
        '<html lang="en"><p>Hi {{ contact.firstName | default: "you" }} <a href="{{ unsubscribe_url }}">u</a>'
    )
    added = skywrite("template", "add", "Note", str(file), "--subject", "A note", "--json").value
    assert (added["kind"], added["version"]) == ("html", None)
    assert skywrite("template", "publish", added["id"], "--json").value["version"] == 1
    assert [one["id"] for one in skywrite("template", "list", "--json").value] == [added["id"]]
    seen = skywrite("template", "preview", added["id"])
    assert "Hi Ada" in seen.out
    assert "warning" in seen.err
    assert "{{ contact.firstName" in skywrite("template", "show", added["id"]).out


def test_it_is_looked_at_as_whoever_is_named(skywrite, tmp_path: Path) -> None:
    file = tmp_path / "note.html"
    file.write_text('<p>Hi {{ contact.firstName | default: "you" }} <a href="{{ unsubscribe_url }}">u</a>')
    added = skywrite("template", "add", "Note", str(file), "--json").value
    skywrite("contact", "add", "--email", "ada@b.example", "--user-id", "u-1", "--trait", "firstName=Augusta")
    skywrite("contact", "add", "--email", "last@b.example")
    for ref in ("person_1", "ada@b.example", "u-1"):
        assert "Hi Augusta" in skywrite("template", "preview", added["id"], "--contact", ref).out, ref
    failed = skywrite("template", "preview", added["id"], "--contact", "nobody@b.example")
    assert (failed.code, "no contact 'nobody@b.example'" in failed.err) == (2, True)


def test_an_error_is_said_and_nothing_is_published(skywrite, tmp_path: Path) -> None:
    file = tmp_path / "note.mjml"
    file.write_text("<mjml><mj-body>{{ contact.nope }}</mj-body></mjml>")
    added = skywrite("template", "add", "Note", str(file), "--json").value
    failed = skywrite("template", "publish", added["id"])
    assert failed.code == 2
    assert "no unsubscribe link" in failed.err
    assert skywrite("template", "list", "--json").value[0]["version"] is None
