"""What is sent over a real socket, cut wherever a network may cut it, or no HTTP at all."""

import json
import socket

import pytest

from tests.support.web import TrackingServer, basic

EVENT = json.dumps({"userId": "u1", "event": "Order Completed"}).encode()
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\n%s: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"


@pytest.fixture
def server(sqlite_store, tmp_path):
    with TrackingServer(sqlite_store, tmp_path) as server:
        yield server


def a_post(server, offer=b"", body=EVENT):
    return (
        b"POST /v1/track HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n%sContent-Length: %d\r\nAccept: */*\r\n\r\n%s"
        % (basic(server.key).encode(), offer, len(body), body)
    )


def answered(connection):
    """The status and the body of one answer."""
    read = b""
    while b"\r\n\r\n" not in read or not read.endswith(b"}"):
        more = connection.recv(65536)
        assert more, read
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), head.lower(), json.loads(body)


def in_pieces(server, connection, *pieces):
    """Send each piece when the one before was read: a network may do so, and a test must be sure of it."""
    for piece in pieces:
        connection.sendall(piece)
        server.settle()
    return answered(connection)[0]


class TestAnOfferToUpgrade:
    @pytest.mark.parametrize("name", [b"Upgrade", b"upgrade", b"UPGRADE", b"uPgRaDe"])
    def test_it_is_passed_over_wherever_its_head_is_cut(self, server, name):
        whole = a_post(server, OFFER % name)
        cuts = range(1, whole.index(b"\r\n\r\n") + 6)
        with server.connected() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            refused = [cut for cut in cuts if in_pieces(server, connection, whole[:cut], whole[cut:]) != 200]
        assert refused == []
        assert [record.body for record in server.records()] == [EVENT] * len(cuts)

    def test_it_is_passed_over_in_single_bytes(self, server):
        whole = a_post(server, OFFER % b"Upgrade")
        with server.connected() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            assert in_pieces(server, connection, *[whole[n : n + 1] for n in range(len(whole))]) == 200

    def test_a_request_without_one_is_taken_wherever_it_is_cut(self, server):
        whole = a_post(server)
        with server.connected() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            assert {in_pieces(server, connection, whole[:cut], whole[cut:]) for cut in range(1, len(whole))} == {200}

    def test_one_without_end_is_refused(self, server):
        with server.connected() as connection:
            connection.sendall(b"POST /v1/track HTTP/1.1\r\nUpgrade: ")
            connection.sendall(b"x" * (65 << 10))
            assert answered(connection)[0] == 431

    def test_a_body_that_looks_like_one_stays_as_it_is(self, server):
        body = b'{"userId":"u","event":"e","a":\r\n"b",\r\n"upgrade":\r\n1}'
        whole = a_post(server, OFFER % b"Upgrade", body)
        with server.connected() as connection:
            assert in_pieces(server, connection, whole) == 200
        assert [record.body for record in server.records()] == [body]

    def test_what_is_held_back_between_two_requests_belongs_to_the_second(self, server):
        whole = a_post(server)
        with server.connected() as connection:
            assert in_pieces(server, connection, whole) == 200
            assert in_pieces(server, connection, b"\r\nUpg", whole) == 400
        assert len(server.records()) == 1


class TestWhatIsNoHttp:
    @pytest.mark.parametrize(
        "sent",
        [
            b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
            b"GET /sources HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            b"POST /v1/track HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n",
            b"nonsense\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        ],
    )
    def test_it_is_answered_with_a_sentence_and_the_connection_ends(self, server, sent):
        with server.connected() as connection:
            connection.sendall(sent)
            status, head, said = answered(connection)
            assert connection.recv(1) == b""
        assert (status, said["success"], said["code"]) == (400, False, "bad_request")
        assert said["error"] == said["message"]
        assert "HTTP" in said["message"]
        assert b"content-type: application/json" in head
        assert b"connection: close" in head
