"""JSON, quick where it can be and tolerant where it must be."""

import json
import math
import sys
from typing import Any

import msgspec

_MOST_DIGITS = sys.int_info.default_max_str_digits  # of a whole number that Python reads, its sign aside
encode = msgspec.json.encode
_decode = msgspec.json.Decoder().decode


def decode(raw: bytes | bytearray | memoryview | msgspec.Raw | str) -> Any:
    """The value of a JSON text; lone surrogates become U+FFFD, numbers beyond a double (1e999) become their text.

    Whole numbers are read exactly, whatever they hold; text becomes of those that have more digits than Python reads.

    Raises ValueError (msgspec.DecodeError and UnicodeDecodeError are such) where it is no JSON at all, and
    RecursionError where it nests deeper than the interpreter's limit.
    """
    try:
        return _decode(raw)
    except UnicodeDecodeError:
        raise
    except (msgspec.DecodeError, msgspec.ValidationError):
        text = raw if isinstance(raw, str) else str(memoryview(raw), "utf-8")
        return _mend(json.loads(text, parse_constant=_refuse_constant, parse_int=_whole, parse_float=_double))


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits.lstrip("-")) <= _MOST_DIGITS else digits


def _double(text: str) -> float | str:
    number = float(text)
    return text if math.isinf(number) else number


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _mend(value: Any) -> Any:
    match value:
        case str():
            return _without_surrogates(value)
        case list():
            return [_mend(item) for item in value]
        case dict():
            return {_without_surrogates(key): _mend(item) for key, item in value.items()}
    return value


def _without_surrogates(text: str) -> str:
    # A pair that was written as two escapes is one character by now; what is left stands alone.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
