import codecs
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.contacts.csv_files import Encoding, Form, detect, fits, header, lines, shown
from skywrite.kit.errors import Refused
from skywrite.store.types import storable

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


JAPANESE = "email,名前\na@x.com,高橋\n"
KOREAN = "email,이름\na@x.com,김\n"
CHINESE = "email,姓名\na@x.com,陳\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(JAPANESE, "cp932"), (CHINESE, "gb18030"), (CHINESE, "cp950"), (KOREAN, "cp949"), (JAPANESE, "utf-16")],
)
def test_a_file_in_another_encoding_is_read_in_the_one_that_is_said(made, text, encoding) -> None:
    path, form = made(text.encode(encoding)), Form(",", encoding, has_header=True)
    assert fits(path, form)
    assert [header(path, form), *(line.cells for line in lines(path, form))] == [
        row.split(",") for row in text.splitlines()
    ]


def test_what_is_neither_utf_8_nor_windows_1252_is_told_and_its_heading_shown(made) -> None:
    path = made("email,備考\na@x.com,東京\n".encode("cp932"))
    form = detect(path)
    assert (form.encoding, fits(path, form)) == ("cp1252", False)
    assert "\ufffd" in header(path, form)[1]
    assert fits(path, Form(",", "cp932", has_header=True))


HALVES = {
    "an odd byte": codecs.BOM_UTF16_LE + "email,note\na@x.com,x".encode("utf-16-le") + b"q",
    "half of a pair": codecs.BOM_UTF16_LE + "email,note\na@x.com,".encode("utf-16-le") + b"\x00\xd8" + b"\n\x00",
}


@pytest.mark.parametrize("content", HALVES.values(), ids=HALVES)
def test_half_a_character_of_utf_16_costs_its_row_alone(made, content) -> None:
    path = made(content)
    form = detect(path)
    assert header(path, form) == ["email", "note"]
    assert [line.cells[1][-1] for line in lines(path, form)] == ["\udcff"]


def test_utf_16_is_known_by_its_mark(made) -> None:
    path = made(PLAIN.encode())
    with pytest.raises(Refused, match="byte order mark") as refused:
        header(path, Form(",", "utf-16", has_header=True))
    assert refused.value.where == "encoding"


@given(content=st.binary(max_size=200), encoding=st.sampled_from(get_args(Encoding)))
def test_every_heading_can_be_shown_in_every_encoding(tmp_path_factory, content, encoding) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes((codecs.BOM_UTF16_LE if encoding == "utf-16" else b"") + content)
    form = Form(",", encoding, has_header=True)
    names = header(path, form)
    assert [storable(name) for name in names] == names
    cells = [shown(cell) for line in lines(path, form) for cell in line.cells]
    assert [storable(cell) for cell in cells] == cells


@pytest.mark.parametrize(
    ("rest", "faults"),
    [
        ('b@x.io,"never closed\nc@x.io,n\nd@x.io,n\n', [False, True]),
        ('b@x.io,"never closed', [False, True]),
        ('b@x.io,"closed\nlater"\nc@x.io,n\n', [False, False, False]),
        ('b@x.io,"closed"', [False, False]),
        ('b@x.io,""', [False, False]),
        ("b@x.io,no end", [False, False]),
        ('"', [False, True]),
        ("", [False]),
    ],
)
def test_a_quote_that_is_never_closed_is_told_and_no_row_is_lost_in_it(made, rest, faults):
    path = made(f"email,name\na@x.io,n\n{rest}".encode())
    found = list(lines(path, Form(",", "utf-8", has_header=True)))
    assert [bool(line.fault) for line in found] == faults
    assert found[-1].number == len(faults) + (1 if "later" not in rest else 2)
