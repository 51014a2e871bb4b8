"""SQL and loads that take long leave everybody else a thread."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx
import pytest

from skywrite.api.slow import THREADS, WAITING

HOLDER = (
    "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('create table t as select 1'); "
    "print('held', flush=True); sys.stdin.read()"
)


@pytest.mark.flow
@pytest.mark.parametrize("call", [("POST", "/query", {"sql": "select count(*) from t"}), ("GET", "/tables", None)])
def test_many_questions_at_once_leave_the_api_free(world, served, call) -> None:
    method, path, body = call
    asked = THREADS + WAITING + 6

    def ask(_: int) -> httpx.Response:
        url = served.base_url.join(f"/api/v1/warehouse{path}")
        return httpx.request(method, url, json=body, headers=served.headers, timeout=120)

    with (
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(world.parts.warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as holder,
        ThreadPoolExecutor(asked) as threads,
    ):
        holder.stdout.readline()
        answers = as_completed([threads.submit(ask, number) for number in range(asked)])
        for _ in range(6):
            refused = next(answers).result()
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
            assert "try again" in refused.json()["error"]
        assert served.get("/api/v1/me").status_code == 200
        holder.communicate()
        assert Counter(answer.result().status_code for answer in answers) == {200: THREADS + WAITING}
