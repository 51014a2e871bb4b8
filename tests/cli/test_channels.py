def test_the_channel_is_set_up_and_its_password_kept_back(skywrite) -> None:
    said = skywrite(
        "channel", "set", "provider.host=smtp.example.com", "provider.user=ada", "provider.password=hunter2"
    )
    assert said.code == 0, said.err
    found = skywrite("channel", "set", "from_address=ada@example.com", "once_days=30", "--json")
    assert found.value["email"]["once_days"] == 30
    assert found.value["provider_settings"]["host"] == "smtp.example.com"
    assert found.value["secrets_set"] == ["password"]
    assert "hunter2" not in said.out + skywrite("channel", "show").out


def test_what_is_wrong_is_a_sentence(skywrite) -> None:
    said = skywrite("channel", "set", "from_address=nobody")
    assert (said.code, "no email address" in said.err) == (2, True)
    assert skywrite("channel", "test", "bob@example.net").code == 2


def test_a_domain_is_added_shown_rotated_and_removed(skywrite) -> None:
    added = skywrite("channel", "domain", "add", "example.com", "--json").value
    assert added["record"].startswith("v=DKIM1")
    assert "PRIVATE" not in str(added)
    assert skywrite("channel", "domain", "rotate", "example.com", "--json").value["next_selector"]
    assert [one["domain"] for one in skywrite("channel", "domain", "list", "--json").value] == ["example.com"]
    assert "removed" in skywrite("channel", "domain", "remove", "example.com").out
