import os
import stat
from pathlib import Path

import pytest

from skywrite.in_force import in_force, keep_in_force
from skywrite.kit.errors import SkywriteError
from skywrite.kit.roles import Voice
from skywrite.settings import Settings, load_settings


def test_they_are_read_as_they_were_while_the_server_lives(tmp_path) -> None:
    kept = Settings(data=tmp_path, port=9000, private_destinations=True, retry_hours=1.5)
    keep_in_force(kept)
    assert in_force(kept.run) == {}
    voice = Voice(kept.run, "web")
    voice.say("ok")
    assert load_settings({}, in_force(kept.run), data=tmp_path) == kept
    assert load_settings({"SKYWRITE_PORT": "9001"}, in_force(kept.run), data=tmp_path, host="::1").port == 9001
    voice.leave()
    assert in_force(kept.run) == {}


def test_they_count_while_the_web_process_is_being_started_again(tmp_path) -> None:
    kept = Settings(data=tmp_path, database="postgresql://a@db/sky")
    keep_in_force(kept)
    Voice(kept.run, "delivery").say("ok")
    assert in_force(kept.run)["database"] == kept.database


def test_only_their_owner_reads_them(tmp_path) -> None:
    kept = Settings(data=tmp_path, database="postgresql://a:secret@db/sky")
    keep_in_force(kept)
    assert stat.S_IMODE((kept.run / "settings.json").stat().st_mode) == 0o600
    assert [path.name for path in kept.run.iterdir()] == ["settings.json"]


def test_another_user_is_told_and_not_given_defaults(tmp_path) -> None:
    keep_in_force(Settings(data=tmp_path))
    Voice(tmp_path / "run", "web").say("ok")
    (tmp_path / "run" / "settings.json").chmod(0)
    if os.access(tmp_path / "run" / "settings.json", os.R_OK):
        pytest.skip("this user reads everything")
    with pytest.raises(SkywriteError, match="as the user that it runs as"):
        in_force(tmp_path / "run")


def test_what_another_version_knew_is_left_out(tmp_path) -> None:
    assert load_settings({}, {"port": 9000, "future": 1}) == Settings(port=9000)


@pytest.mark.parametrize("database", ["", "sqlite://", "sqlite:////a/b.db", "postgresql://u:p@h/n"])
def test_a_database_is_named_as_it_was(tmp_path, database) -> None:
    assert kept_database(tmp_path, database) == database


def test_a_file_beside_the_server_is_found_from_elsewhere(tmp_path) -> None:
    assert kept_database(tmp_path, "sqlite:///my.db") == f"sqlite:///{Path.cwd() / 'my.db'}"


def kept_database(data: Path, database: str) -> str:
    keep_in_force(Settings(data=data, database=database))
    Voice(data / "run", "web").say("ok")
    return str(in_force(data / "run")["database"])
