import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert

from skywrite.kit.bell import Bell
from skywrite.kit.time import now_micros
from skywrite.log.base import NewRecord
from skywrite.pipeline.dedupe import Dedupe
from skywrite.settings import Settings
from skywrite.store.engine import open_store
from skywrite.store.tables import dead_letters
from skywrite.wiring import open_log
from tests.support.build import A_MOMENT, a_batch, a_new_record, an_event


def append(settings: Settings, *records: NewRecord) -> None:
    log = open_log(settings)
    log.append(records)
    log.close()


class TestSource:
    def test_add_prints_what_the_contract_names(self, skywrite) -> None:
        added = skywrite("source", "add", "autopilothq", "--name", "AutopilotHQ", "--label", "env=prod", "--json").value
        assert {"id", "kind", "name", "schema", "write_keys", "enabled", "labels"} <= set(added)
        assert added["schema"] == "autopilothq"
        assert added["labels"] == {"env": "prod"}
        assert skywrite("source", "list", "--json").value == [added]
        assert skywrite("source", "show", "autopilothq", "--json").value == added

    def test_a_person_reads_a_table(self, skywrite) -> None:
        skywrite("source", "add", "python", "--name", "My Web Site")
        said = skywrite("source", "list")
        assert "my_web_site" in said.out
        assert "My Web Site" in said.out
        assert "No sources." not in said.out

    def test_without_any_it_says_so(self, skywrite) -> None:
        assert skywrite("source", "list").out == "No sources.\n"
        assert skywrite("source", "list", "--json").value == []

    def test_it_is_changed(self, skywrite) -> None:
        old = skywrite("source", "add", "python", "--name", "Web", "--json").value["write_keys"]
        assert skywrite("source", "rename", "web", "Shop", "--json").value["name"] == "Shop"
        assert skywrite("source", "disable", "web", "--json").value["enabled"] is False
        assert skywrite("source", "enable", "web", "--json").value["enabled"] is True
        assert skywrite("source", "label", "web", "a=b", "c=d", "--json").value["labels"] == {"a": "b", "c": "d"}
        assert skywrite("source", "rotate-key", "web", "--json").value["write_keys"][1:] == old
        assert len(skywrite("source", "rotate-key", "web", "--grace-hours", "0", "--json").value["write_keys"]) == 1
        assert skywrite("source", "remove", "web").code == 0
        assert skywrite("source", "list", "--json").value == []

    def test_snippets_hold_its_key(self, skywrite) -> None:
        key = skywrite("source", "add", "go", "--name", "Go", "--json").value["write_keys"][0]
        assert key in skywrite("source", "snippets", "go").out

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["source", "add", "fax", "--name", "x"], "no kind of source"),
            (["source", "add", "python"], "--name"),
            (["source", "add", "python", "--name", ""], "name"),
            (["source", "add", "python", "--name", "x", "--label", "nosign"], "key=value"),
            (["source", "show", "nope"], "no source 'nope'"),
            (["source", "nonsense"], "nonsense"),
            (["nonsense"], "nonsense"),
            (["source", "list", "--nonsense"], "--nonsense"),
            (["source", "rotate-key", "x", "--grace-hours", "soon"], "soon"),
        ],
    )
    def test_what_is_wrong_is_one_sentence_on_stderr(self, skywrite, words, says) -> None:
        said = skywrite(*words)
        assert said.code == 2
        assert said.out == ""
        assert says in said.err
        assert said.err.startswith("skywrite: ")
        assert said.err.count("\n") == 1


class TestDestination:
    def test_it_is_added_set_and_removed(self, skywrite) -> None:
        source = skywrite("source", "add", "python", "--name", "Web", "--json").value
        words = ["--name", "Hook", "--source", "web", "--set", "url=https://example.com/in", "--set", "batch_size=5"]
        added = skywrite("destination", "add", "webhook", *words, "--json").value
        assert added["sources"] == [source["id"]]
        assert added["settings"]["batch_size"] == 5
        assert added["secrets_set"] == ["secret"]
        assert (
            skywrite("destination", "set", "Hook", "batch_size=", "--json").value["settings"].get("batch_size") is None
        )
        assert skywrite("destination", "rename", "Hook", "Other", "--json").value["name"] == "Other"
        assert skywrite("destination", "disable", "Other", "--json").value["enabled"] is False
        assert skywrite("destination", "enable", "Other", "--json").value["enabled"] is True
        assert skywrite("destination", "dead-letters", "Other").out == "No dead letters.\n"
        assert skywrite("destination", "send-again", "Other", "--json").value == {"count": 0}
        assert skywrite("destination", "discard", "Other", "1", "2", "--json").value == {"count": 0}
        shown = skywrite("destination", "show", "Other").out
        assert "whsec_" not in shown
        assert skywrite("destination", "remove", "Other").code == 0
        assert skywrite("destination", "list").out == "No destinations.\n"

    def test_a_secret_is_revealed_to_who_asks_for_it(self, skywrite) -> None:
        skywrite("source", "add", "python", "--name", "Web")
        words = ["--name", "Hook", "--source", "web", "--set", "url=https://example.com/in"]
        skywrite("destination", "add", "webhook", *words)
        secret = skywrite("destination", "reveal", "Hook", "--json").value
        assert secret["name"] == "secret"
        assert secret["value"].startswith("whsec_")
        assert skywrite("destination", "reveal", "Hook", "secret").out == secret["value"] + "\n"
        said = skywrite("destination", "reveal", "Hook", "authorization")
        assert (said.code, said.out) == (2, "")
        skywrite("destination", "set", "Hook", "authorization=Bearer abc")
        assert skywrite("destination", "reveal", "Hook", "authorization").out == "Bearer abc\n"
        assert "secret, authorization" in skywrite("destination", "reveal", "Hook").err
        assert skywrite("destination", "reveal", "Nobody").code == 2

    def test_dead_letters_tell_their_times_in_iso_8601(self, skywrite, settings) -> None:
        skywrite("source", "add", "python", "--name", "Web")
        words = ["--name", "Hook", "--source", "web", "--set", "url=https://example.com/in"]
        hook = skywrite("destination", "add", "webhook", *words, "--json").value
        letter = {"destination_id": hook["id"], "source_id": "s", "position": 1, "item": 0, "user_key": "u"}
        letter |= {"message_id": "m", "event": "{}", "attempts": 4, "received_at": A_MOMENT, "failed_at": A_MOMENT}
        letter |= {"status": 400, "reason": "It answered 400.", "response": "no"}
        with contextlib.closing(open_store(settings)) as store, store.write() as connection:
            connection.execute(insert(dead_letters).values(**letter))
        [shown] = skywrite("destination", "dead-letters", "Hook", "--json").value
        assert shown["failed_at"] == "2026-11-23T16:11:35.423Z"
        assert "2026-11-23T16:11:35.423Z" in skywrite("destination", "dead-letters", "Hook").out

    def test_a_private_address_is_refused(self, skywrite) -> None:
        skywrite("source", "add", "python", "--name", "Web")
        words = ["--name", "Hook", "--source", "web", "--set", "url=http://127.0.0.1/"]
        said = skywrite("destination", "add", "webhook", *words)
        assert said.code == 2
        assert "SKYWRITE_PRIVATE_DESTINATIONS" in said.err

    def test_a_receiver_that_is_not_there_fails_the_test(self, skywrite) -> None:
        skywrite("source", "add", "python", "--name", "Web")
        skywrite(
            "destination", "add", "webhook", "--name", "H", "--source", "web", "--set", "url=http://nowhere.invalid/"
        )
        said = skywrite("destination", "test", "H")
        assert said.code == 1
        assert "nowhere.invalid" in said.err


class TestCatalog:
    def test_both_lists_or_one(self, skywrite) -> None:
        assert set(skywrite("catalog", "--json").value) == {"sources", "destinations"}
        assert "autopilothq" in {kind["slug"] for kind in skywrite("catalog", "sources", "--json").value}
        assert skywrite("catalog", "destinations", "--json").value[0]["settings"]
        assert "AutopilotHQ" in skywrite("catalog").out


class TestPeople:
    def test_a_user_is_invited_by_a_link(self, skywrite) -> None:
        added = skywrite("user", "add", "ada@example.com", "--json").value
        assert "/welcome?token=" in added["link"]
        assert skywrite("user", "list", "--json").value[0]["active"] is False
        assert skywrite("user", "remove", "ada@example.com").code == 0
        assert skywrite("user", "remove", "ada@example.com").code == 2

    def test_the_link_leads_to_the_server_of_this_folder(self, skywrite, settings) -> None:
        from skywrite.access.links import remember_address

        skywrite("user", "list")
        remember_address(Settings(data=settings.data, port=9321))
        assert skywrite("user", "add", "a@b.c", "--json").value["link"].startswith("http://127.0.0.1:9321/")

    def test_a_tokens_secret_is_shown_once(self, skywrite) -> None:
        made = skywrite("token", "add", "ci", "--json").value
        assert made["secret"].startswith("sky_")
        listed = skywrite("token", "list", "--json")
        assert made["secret"] not in listed.out
        assert skywrite("token", "revoke", made["id"]).code == 0
        assert skywrite("token", "list").out == "No tokens.\n"


class TestEvents:
    def test_the_latest_are_shown(self, skywrite, settings) -> None:
        source = skywrite("source", "add", "python", "--name", "Web", "--json").value
        batch = a_batch(*(an_event(event=f"E{n}", messageId=f"m{n}") for n in range(5)))
        append(settings, a_new_record(batch, source_id=source["id"]))
        shown = skywrite("events", "tail", "web", "-n", "2", "--json").value
        assert [event["name"] for event in shown] == ["E3", "E4"]
        assert "E4" in skywrite("events", "tail", "web").out

    def test_without_any_it_says_so(self, skywrite) -> None:
        skywrite("source", "add", "python", "--name", "Web")
        assert "nothing lately" in skywrite("events", "tail", "web").out
        assert skywrite("events", "tail", "nope").code == 2

    def test_followed_they_wait_for_dedupes_word(self, skywrite, settings) -> None:
        source = skywrite("source", "add", "python", "--name", "Web", "--json").value["id"]
        record = a_new_record(source_id=source, at=now_micros() + 3600 * 10**6)  # nothing is shown without its word
        dedupe, bell = Dedupe(open_log(settings), settings.data / "dedupe"), Bell(settings.run / "bell")
        append(settings, record)
        dedupe.step()
        with following(settings) as lines:
            shown = [next(lines)["status"]]
            for _ in range(30):
                append(settings, record)
                bell.ring()
                dedupe.step()
                bell.ring()
                shown.append(next(lines)["status"])
        assert shown == ["accepted"] + ["duplicate"] * 30
        dedupe.close()
        bell.close()


@contextlib.contextmanager
def following(settings: Settings) -> Iterator[Iterator[Any]]:
    """What `events tail --follow` prints of the source web, line by line, until it is interrupted."""
    words = ["events", "tail", "web", "-f", "--json", "--data", str(settings.data)]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}  # as in any shell
    with subprocess.Popen([sys.executable, "-m", "skywrite", *words], stdout=subprocess.PIPE, env=buffered) as process:
        assert process.stdout is not None
        try:
            yield map(msgspec.json.decode, process.stdout)
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0


class TestWarehouse:
    def test_sync_loads_while_no_server_runs_each_event_once(self, skywrite, settings) -> None:
        source = skywrite("source", "add", "python", "--name", "Web", "--json").value
        record = a_new_record(a_batch(an_event(), an_event(messageId="m2")), source_id=source["id"])
        append(settings, record, record)
        assert skywrite("warehouse", "status", "--json").value["lag"] == 2
        assert skywrite("warehouse", "sync").code == 0
        assert skywrite("warehouse", "status", "--json").value["lag"] == 0
        found = skywrite("warehouse", "query", "select count(*) as n from web.tracks", "--json").value
        assert found == [{"n": 2}]
        assert "2" in skywrite("warehouse", "query", "select count(*) as n from web.tracks").out
        shown = skywrite("warehouse", "query", "select 'the row', repeat('x', 100_001)").out
        assert "the row" in shown
        assert "cut after 100,000 characters" in shown

    def test_what_is_cut_is_said_beside_the_json_and_a_limit_of_0_is_none(self, skywrite, settings) -> None:
        an_empty_warehouse(settings)
        said = skywrite("warehouse", "query", "select range as n from range(1001)", "--json")
        assert len(said.value) == 1000
        assert said.err == "There are more than 1000 rows; --limit shows more, --limit 0 all.\n"
        said = skywrite("warehouse", "query", "select range as n from range(1001)", "--json", "--limit", "0")
        assert (len(said.value), said.err) == (1001, "")
        said = skywrite("warehouse", "query", "select repeat('x', 100001) as x from range(2)", "--json", "-n", "1")
        assert "cut after 100,000 characters" in said.err
        assert "more than 1 rows" in said.err
        assert skywrite("warehouse", "query", "select 1", "--limit", "-1").code == 2

    def test_columns_of_one_name_are_told_apart(self, skywrite, settings) -> None:
        an_empty_warehouse(settings)
        said = skywrite("warehouse", "query", "select 1 as a, 2 as a, 3 as a_1, 4 as b, 5 as a", "--json")
        assert said.value == [{"a": 1, "a_2": 2, "a_1": 3, "b": 4, "a_3": 5}]

    def test_its_times_are_iso_8601(self, skywrite, settings) -> None:
        source = skywrite("source", "add", "python", "--name", "Web", "--json").value
        append(settings, a_new_record(source_id=source["id"]))
        assert skywrite("warehouse", "status", "--json").value["last_sync"] is None
        synced = skywrite("warehouse", "sync", "--json").value
        assert is_iso(synced["updated_at"])
        assert is_iso(synced["last_sync"]["started_at"])
        assert skywrite("warehouse", "status", "--json").value["last_sync"] == synced["last_sync"]

    def test_sql_that_is_wrong_is_told(self, skywrite, settings) -> None:
        an_empty_warehouse(settings)
        said = skywrite("warehouse", "query", "selec 1")
        assert said.code == 2
        assert "selec" in said.err

    def test_numbers_are_shown_as_they_are(self, skywrite, settings) -> None:
        an_empty_warehouse(settings)
        numbers = ["12345678.9", "9223372036854775808", "39.95", "3", "-0.000123", "1e+300", "inf"]
        columns = [f"'{number}'::double as n{place}" for place, number in enumerate(numbers)]
        said = skywrite("warehouse", "query", f"select {', '.join(columns)}")
        assert said.out.splitlines()[-1].split() == numbers

    def test_before_the_first_load_it_says_so(self, skywrite) -> None:
        assert "empty" in skywrite("warehouse", "query", "select 1").out
        assert skywrite("warehouse", "sync").code == 0


def an_empty_warehouse(settings: Settings) -> None:
    import duckdb

    settings.data.mkdir()
    duckdb.connect(settings.data / "warehouse.duckdb").close()


def is_iso(text: str) -> bool:
    return text.endswith("Z") and datetime.fromisoformat(text).tzinfo is not None


def test_settings_are_shown(skywrite) -> None:
    shown = {row["name"]: row["value"] for row in skywrite("settings", "--json").value}
    assert shown["SKYWRITE_PORT"] == "8080"


def test_a_folder_that_cannot_be_is_told(tmp_path, capsys) -> None:
    from skywrite.cli.main import main

    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SystemExit) as end:
        main(["source", "list", "--data", str(tmp_path / "file" / "data")])
    assert end.value.code == 1
    assert "can't be written to" in capsys.readouterr().err


def test_help_and_a_list_import_nothing_heavy(tmp_path) -> None:
    program = (
        "import sys; from skywrite.cli.main import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "heavy = {'duckdb', 'pyarrow', 'numpy', 'litestar', 'uvicorn', 'alembic', 'aiohttp'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    listing = ["source", "list", "--data", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "skywrite", *listing], check=True, capture_output=True)  # migrates
    for words in (["--help"], listing):
        subprocess.run([sys.executable, "-c", program, *words], check=True, capture_output=True)
