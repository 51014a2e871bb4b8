import codecs

import pytest

from skywrite.contacts.csv_files import Form, detect, header, lines
from skywrite.kit.errors import Refused

PLAIN = "email,name\nada@example.com,Ada\nbob@example.com,Bob\n"


@pytest.fixture
def made(tmp_path):
    def make(content: bytes):
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        return path

    return make


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (PLAIN.encode(), Form(",", "utf-8", has_header=True)),
        (PLAIN.replace(",", ";").encode(), Form(";", "utf-8", has_header=True)),
        (PLAIN.replace(",", "\t").encode(), Form("\t", "utf-8", has_header=True)),
        (PLAIN.replace(",", "|").encode(), Form("|", "utf-8", has_header=True)),
        (codecs.BOM_UTF8 + PLAIN.encode(), Form(",", "utf-8", has_header=True)),
        (PLAIN.encode("utf-16"), Form(",", "utf-16", has_header=True)),
        (PLAIN.replace("Ada", "Zoë").encode("cp1252"), Form(",", "cp1252", has_header=True)),
        (b"ada@example.com,1\nbob@example.com,2\n", Form(",", "utf-8", has_header=False)),
        (b'name;note\n"a;b";"1,2,3,4"\n"c";"5,6,7,8"\n', Form(";", "utf-8", has_header=True)),
        (b"email\nada@example.com\n", Form(",", "utf-8", has_header=True)),
    ],
    ids=range(10),
)
def test_how_a_file_is_written_is_seen(made, content, form) -> None:
    path = made(content)
    assert detect(path) == form
    assert header(path, form)[0] in ("email", "name", "Column 1")


@pytest.mark.parametrize("content", [b"", b" \n", b"\x00\x01\x02a,b\n"])
def test_what_is_no_text_is_refused(made, content) -> None:
    with pytest.raises(Refused):
        detect(made(content))


def test_rows_are_told_with_the_line_on_which_they_begin(made) -> None:
    path = made(b'email,note\r\na@x.com,"one\r\ntwo"\r\n\r\nb@x.com,\r\n')
    found = list(lines(path, detect(path)))
    assert [(line.number, line.cells) for line in found] == [(2, ["a@x.com", "one\r\ntwo"]), (5, ["b@x.com", ""])]


def test_a_row_that_cannot_be_read_costs_no_other(made) -> None:
    path = made(b"email,note\na@x.com," + b"x" * ((1 << 20) + 1) + b"\nb@x.com,y\n")
    found = list(lines(path, Form(",", "utf-8", has_header=True)))
    assert [bool(line.fault) for line in found] == [True, False]
