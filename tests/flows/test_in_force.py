"""The command line in a plain shell, beside a server whose settings are not the defaults."""

import json
import os
import subprocess

import pytest

from tests.support.skywrite import Skywrite

pytestmark = pytest.mark.flow


def test_the_command_line_goes_by_the_running_server_s_settings(tmp_path) -> None:
    database = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    with Skywrite(tmp_path / "data", private_destinations=True, database=database) as server:
        source = server.add_source()

        def plain(*words: str, **environment: str):
            clean = {name: value for name, value in os.environ.items() if not name.startswith("SKYWRITE_")}
            done = subprocess.run(
                server.command(*words, "--json"), env=clean | environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)

        shown = {row["name"]: row["value"] for row in plain("settings")}
        assert shown["SKYWRITE_DATABASE"] == database
        assert shown["SKYWRITE_PORT"] == str(server.port)
        assert shown["SKYWRITE_PRIVATE_DESTINATIONS"] == "true"
        assert [each["id"] for each in plain("source", "list")] == [source["id"]]
        hook = ["--name", "Hook", "--source", source["id"], "--set", "url=http://127.0.0.1:9/"]
        assert plain("destination", "add", "webhook", *hook)["name"] == "Hook"
        shown = {row["name"]: row["value"] for row in plain("settings", SKYWRITE_PRIVATE_DESTINATIONS="false")}
        assert shown["SKYWRITE_PRIVATE_DESTINATIONS"] == "false"
