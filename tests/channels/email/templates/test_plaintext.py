import pytest

from skywrite.channels.email.templates.plaintext import as_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo\n"),
        ("<p>a<br>b</p>", "a\nb\n"),
        ("<ul><li>one</li><li>two</li></ul>", "* one\n* two\n"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two\n"),
        ('<a href="https://a.example/x">Read</a> on', "Read (https://a.example/x) on\n"),
        (
            '<a href="https://a.example/x">Read</a>, <a href="https://a.example/y">too</a>',
            "Read (https://a.example/x), too (https://a.example/y)\n",
        ),
        ('<a href="https://a.example/">https://a.example</a>', "https://a.example\n"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example\n"),
        ('<a href="https://a.example"><img src="x" alt="Logo"></a>', "Logo (https://a.example)\n"),
        ("<style>x{}</style><script>1</script><p>a</p>", "a\n"),
        ('<div style="display:none">hidden</div><p>a</p>', "a\n"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"),
        ("<p>a &amp; b &lt; c&nbsp;d</p>", "a & b < c\u00a0d\n"),
        ("<!-- a comment --><p>a</p>", "a\n"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE html><html><body><p>ä€</p></body></html>', "ä€\n"),
        ('<html><head><meta charset="iso-8859-1"></head><body><p>ä€</p></body></html>', "ä€\n"),
        ("<table><!--lq0ql--><tr><td>a</td></tr></table>", "lq0ql\na\n"),
    ],
)
def test_what_a_reader_of_text_sees(html: str, text: str) -> None:
    assert as_text(html) == text


def test_headings_are_underlined() -> None:
    assert as_text("<h1>Hello</h1><p>x</p>") == "Hello\n=====\n\nx\n"
