import asyncio

import pytest

from skywrite.kit.http import Failure, Request, Response
from skywrite.kit.http_client import HttpClient
from skywrite.kit.http_connection import BODY_LIMIT

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Server:
    """Answers each request with the next of `answers`; an answer of None hangs up, "hang" never answers."""

    def __init__(self, *answers, close=False):
        self.answers, self.close, self.connections, self.requests = list(answers), close, 0, []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while True:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if answer == "hang":
                    await asyncio.sleep(3600)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
                if self.close:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def exchange(*answers, times=1, timeout=60.0, close=False, allow_private=True):
    """The answers to some requests in turn, and the server that gave them."""

    async def main():
        async with Server(*answers, close=close) as server:
            client = HttpClient(allow_private=allow_private, timeout=timeout)
            found = [await client.send(Request("GET", server.url)) for _ in range(times)]
            client.close()
            await asyncio.sleep(0)
            return found, server

    return asyncio.run(main())


def test_one_connection_serves_many_requests():
    found, server = exchange(OK, times=5)
    assert found == [Response(200, {"content-length": "2"}, b"ok")] * 5
    assert server.connections == 1


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 200, b"ok"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", 200, b"abc"),
        (b"HTTP/1.0 500 Oh\r\n\r\nbroken", 500, b"broken"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ncut", 200, b"cut"),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", 302, b""),
    ],
)
def test_answers_are_read_as_they_come(answer, status, body):
    [found], server = exchange(answer, close=True)
    assert (found.status, found.body) == (status, body)
    assert len(server.requests) == 1


def test_a_body_is_read_to_a_bound_only():
    [found], _ = exchange(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n" + b"x" * (BODY_LIMIT * 3))
    assert found.status == 200
    assert len(found.body) == BODY_LIMIT


def test_a_body_that_drips_for_ever_costs_its_time_and_keeps_its_status():
    [found], _ = exchange(b"HTTP/1.1 503 Oh\r\ncontent-length: 10\r\n\r\nab", timeout=1.0)
    assert (found.status, found.body) == (503, b"ab")


@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_whose_head_came_stands_where_its_body_is_slow(status):
    [found], server = exchange(b"HTTP/1.1 %d X\r\ncontent-length: 100\r\n\r\nslow" % status, timeout=1.0)
    assert (found.status, found.body) == (status, b"slow")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "second",
    [b"HTTP/1.1 500 Oh\r\nx: y\r\ncontent-length: 3\r\n\r\nbad", b"HTTP/1.1 500 Oh\r\n", b"no HTTP at all\r\n\r\n"],
)
def test_what_comes_behind_a_whole_answer_changes_nothing_but_costs_the_connection(second):
    found, server = exchange(OK + second, times=2)
    assert found == [Response(200, {"content-length": "2"}, b"ok")] * 2
    assert server.connections == 2


@pytest.mark.parametrize(
    "body",
    [
        b"transfer-encoding: chunked\r\n\r\nzz\r\n",
        b"transfer-encoding: chunked\r\n\r\n2\r\nabcdef\r\n",
        b"content-length: 2\r\ncontent-length: 3\r\n\r\nok",
        b"content-length: two\r\n\r\nok",
    ],
)
@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 400 Bad\r\n"])
def test_an_answer_that_is_broken_within_is_no_answer_whatever_its_status(head, body):
    [found], server = exchange(head + body)
    assert isinstance(found, Failure)
    assert found.code == "EPROTO"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [("hang", "ETIMEDOUT"), (None, "ECONNRESET"), (b"220 smtp ready\r\n", "EPROTO"),
     (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", "EPROTO")],
)  # fmt: skip
def test_what_is_no_answer_is_a_failure(answer, code):
    [found], _ = exchange(answer, timeout=0.2 if answer == "hang" else 60.0)
    assert isinstance(found, Failure)
    assert found.code == code


def test_a_kept_connection_that_the_server_closed_meanwhile_is_replaced_once():
    found, server = exchange(OK, None, OK, times=2)
    assert [answer.status for answer in found] == [200, 200]
    assert server.connections == 2


def test_private_addresses_are_refused_and_nothing_reaches_them():
    [found], server = exchange(OK, allow_private=False)
    assert found.code == "EACCES"
    assert "SKYWRITE_PRIVATE_DESTINATIONS" in found.reason
    assert server.connections == 0


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://127.0.0.1:1/", "ECONNREFUSED"), ("http://no-such-host.invalid/", "ENOTFOUND"),
     ("http://" + "a" * 70 + ".example/", "ENOTFOUND")],
)  # fmt: skip
def test_what_cannot_be_reached_is_a_failure_that_says_so(url, code):
    async def main():
        client = HttpClient(allow_private=True, timeout=60)
        found = await client.send(Request("GET", url))
        client.close()
        return found

    found = asyncio.run(main())
    assert found.code == code


def test_a_server_that_speaks_no_tls_is_a_failure():
    async def serve(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def main():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        client = HttpClient(allow_private=True, timeout=60)
        async with server:
            found = await client.send(Request("GET", f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"))
        client.close()
        return found

    found = asyncio.run(main())
    assert isinstance(found, Failure)
    assert found.code != "ETIMEDOUT"
