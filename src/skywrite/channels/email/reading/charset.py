"""Bytes of mail to text, by a chain of guesses: whatever the label, there is an answer."""

import re

_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-7": "utf-7",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "windows-874": "cp874",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp-850": "cp850",
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
}
# Codecs that are character sets and take linear time; Python has others under the same roof (punycode, idna).
_KNOWN = re.compile(
    r"(?:iso|utf|cp|windows|koi8|mac|gb|big5|euc|shift|sjis|hz|johab|ascii|latin|tis|l\d|ptcp|kz)[\w.-]{0,30}\Z"
)
_LATIN = {"ascii", "iso-8859-1", "iso8859-1", "latin-1", "latin1", "windows-1252", "cp1252", "iso-8859-15"}
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")  # ISO 2022 for Japanese, which many programs send without a label


def decoded(data: bytes, label: str | None = None) -> str:
    """`data` as text: by its label, else as UTF-8, else as Windows' Latin. Never raises.

    A label of Latin letters is not believed where the bytes are UTF-8, which hardly any text of those is by chance.

    It holds no NUL and no half of a surrogate pair, which JSON and PostgreSQL would not take.
    """
    text = _guessed(data, label)
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _guessed(data: bytes, label: str | None) -> str:
    codec = codec_of(label)
    if codec in {None, "ascii", "utf-8"} and any(mark in data for mark in _ESCAPES):
        codec = "iso2022_jp_ext"
    for candidate in ("utf-8", codec) if codec in _LATIN else (codec, "utf-8"):
        if candidate:
            try:
                return data.decode(candidate)
            except (UnicodeError, LookupError):
                continue
    if codec and codec != "ascii":
        try:
            return data.decode(codec, "replace")
        except (UnicodeError, LookupError):
            pass
    return data.decode("cp1252", "replace")


def codec_of(label: str | None) -> str | None:
    """The codec that a charset label means, None where it means none that we know."""
    if not label:
        return None
    name = label.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    return name if _KNOWN.match(name) else None
