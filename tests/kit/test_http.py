import pytest

from skywrite.kit.errors import Refused
from skywrite.kit.http import Request, Response, origin_of, to_wire


@pytest.mark.parametrize(
    ("url", "key", "target", "authority"),
    [
        ("http://a.example", ("http", "a.example", 80), "/", "a.example"),
        ("https://a.example/x?y=1#z", ("https", "a.example", 443), "/x?y=1", "a.example"),
        (
            "https://a.example:8443/ä b".replace(" ", "%20"),
            ("https", "a.example", 8443),
            "/%C3%A4%20b",
            "a.example:8443",
        ),
        ("http://[::1]:8080/", ("http", "::1", 8080), "/", "[::1]:8080"),
        ("https://bücher.example/", ("https", "xn--bcher-kva.example", 443), "/", "xn--bcher-kva.example"),
    ],
)
def test_an_address_is_taken_apart(url, key, target, authority):
    origin = origin_of(url)
    assert (origin.key, origin.target, origin.authority) == (key, target, authority)


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "//a.example", "a.example", "file:///etc/passwd", "http://", "http://user@a.example/",
     "http://user:word@a.example/", "http://a.example:99999/", "http://a.example/\r\nx: y", "http://a b/", "",
     "http://[::1/", "gopher://127.0.0.1:6379/_x"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(Refused):
        origin_of(url)


def test_a_request_on_the_wire():
    request = Request("POST", "http://a.example:81/x", b"hi", {"x-a": "1"})
    assert to_wire(request, origin_of(request.url)) == (
        b"POST /x HTTP/1.1\r\nhost: a.example:81\r\nx-a: 1\r\ncontent-length: 2\r\n\r\nhi"
    )


@pytest.mark.parametrize("value", ["a\r\nb: c", "a\nb", "a\0b"])
def test_a_header_stays_on_its_line(value):
    request = Request("POST", "http://a.example/", b"", {"x-a": value})
    with pytest.raises(Refused):
        to_wire(request, origin_of(request.url))


def test_a_requests_repr_shows_neither_path_nor_headers():
    shown = repr(Request("POST", "https://a.example/hush?token=hush", b"hush", {"authorization": "hush"}))
    assert "hush" not in shown


def test_the_beginning_of_a_body_is_text_whatever_it_was():
    assert Response(500, body=b"\xff\x00ok" + b"x" * 5000).beginning(6) == "\ufffd\ufffdokxx"


def test_what_is_shown_of_a_request_leaves_out_what_may_be_secret():
    request = Request("POST", "https://a.example:81/hush?token=hush", b"{}", {"authorization": "hush"})
    assert request.shown() == "POST a.example:81\n\n{}"
    assert Request("POST", "https://a.example/", "\u00e9".encode() * 9).shown(3).endswith("\n\n" + "\u00e9" * 3)
