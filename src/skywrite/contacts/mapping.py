"""From the columns of a file to contacts: what each column is, guessed from its name, and what a row says. Pure."""

import re
from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from skywrite.contacts.identity_texts import ANONYMOUS_ID, EMAIL, USER_ID, fault_of, key_of
from skywrite.contacts.trait_rows import number_of
from skywrite.contacts.traits import CONTROLS
from skywrite.kit.json import decode

To = Literal["ignore", "email", "userId", "anonymousId", "trait", "lists", "unsubscribed"]
Type = Literal["text", "number", "boolean", "date", "any"]

LONGEST_TEXT = 10_000
_YES = frozenset(["true", "yes", "y", "1", "t", "on", "x"])
_NO = frozenset(["false", "no", "n", "0", "f", "off"])
_KIND_OF: dict[str, int] = {"email": EMAIL, "userId": USER_ID, "anonymousId": ANONYMOUS_ID}
# What has a plus before it is a phone number; what is longer than a double holds, the number of an account or a card.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")  # as an export names the parts of objects, unlike "v1.2"
_LIST_END = re.compile(r"[;,|]")
EXACT = "traits."  # how an export names the column of a trait where its own name would mean something else
_TYPED = re.compile(r"(string|integer|float|boolean|date)--(.+)")  # Autopilot's custom fields
_TYPES: dict[str, Type] = {
    "string": "text", "integer": "number", "float": "number", "boolean": "boolean", "date": "date",
}  # fmt: skip
_IDENTITY_NAMES: dict[str, To] = {
    **dict.fromkeys(("email", "emailaddress", "mail", "emailadresse", "primaryemail"), "email"),
    **dict.fromkeys(("userid", "externalid", "customerid"), "userId"),
    **dict.fromkeys(("anonymousid", "anonid"), "anonymousId"),
    **dict.fromkeys(("lists", "list", "listnames"), "lists"),
    **dict.fromkeys(("unsubscribed", "optedoutofemail", "optedout", "optout", "emailoptout"), "unsubscribed"),
    **dict.fromkeys(("contactid", "contactlink", "subscription", "contactcreated", "contactlastseen"), "ignore"),
}
# Segment's reserved traits, and what Autopilot's export and others call them.
_TRAIT_NAMES = {
    **dict.fromkeys(("firstname", "givenname", "forename"), "firstName"),
    **dict.fromkeys(("lastname", "surname", "familyname"), "lastName"),
    **dict.fromkeys(("name", "fullname"), "name"),
    **dict.fromkeys(("phone", "phonenumber"), "phone"),
    **dict.fromkeys(("mobilephone", "mobile"), "mobilePhone"),
    **dict.fromkeys(("company", "companyname"), "company"),
    **dict.fromkeys(("title", "jobtitle"), "title"),
    **dict.fromkeys(("website", "url"), "website"),
    **dict.fromkeys(("createdat", "created", "signupdate"), "createdAt"),
    **dict.fromkeys(("mailingstreet", "street"), "address.street"),
    **dict.fromkeys(("mailingcity", "city"), "address.city"),
    **dict.fromkeys(("mailingstate", "state"), "address.state"),
    **dict.fromkeys(("mailingpostalcode", "postalcode", "zip", "zipcode"), "address.postalCode"),
    **dict.fromkeys(("mailingcountry", "country"), "address.country"),
    **{name.lower(): name for name in ("age", "avatar", "birthday", "description", "gender", "username", "industry")},
    "leadsource": "leadSource",
    "numberofemployees": "employees",
    "ownername": "owner",
}  # fmt: skip


class Column(Struct, frozen=True):
    """What becomes of a column. `trait`, for traits only, is a path: "address.city"; see `escaped`."""

    name: str
    to: To
    trait: str = ""
    type: Type = "text"


class Row(Struct, frozen=True):
    """A contact as a row has it. `ids` are (kind, text as given, the same as it is looked up)."""

    line: int
    ids: tuple[tuple[int, str, str], ...]
    traits: dict[str, Any]
    lists: tuple[str, ...]
    unsubscribed: bool


def guess(names: Sequence[str], samples: Sequence[Sequence[str]]) -> list[Column]:
    """What each column likely is, by its name and the first rows; each kind of identity once."""
    taken: set[str] = set()
    columns = []
    for place, name in enumerate(names):
        values = [row[place].strip() for row in samples if place < len(row) and row[place].strip()]
        column = _guess(name, values)
        if column.to in _KIND_OF and column.to in taken:
            column = Column(name, "trait", _plain(name))
        if column.trait in CONTROLS:
            column = Column(name, "ignore")
        taken.add(column.to)
        columns.append(column)
    if "email" not in taken:
        columns = [_first_address(column, place, samples) for place, column in enumerate(columns)]
    lost = misplaced(columns)
    return [_by_its_name(column) if column.trait in lost else column for column in columns]


class _Reading(Struct):
    """What was read of a row so far."""

    ids: dict[int, tuple[int, str, str]]
    traits: dict[str, Any]
    lists: tuple[str, ...] = ()
    unsubscribed: bool = False


def read_row(columns: Sequence[Column], line: int, cells: Sequence[str]) -> Row | str:
    """What a row says, or why it is refused. An empty cell says nothing."""
    reading = _Reading({}, {})
    for column, cell in zip(columns, cells, strict=False):
        if cell and column.to != "ignore":
            fault = _unreadable(column, cell) or _READERS[column.to](reading, column, cell)
            if fault:
                return fault
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        return f"The row has {len(cells)} cells, the heading {len(columns)}."
    if not reading.ids:
        return "The row has neither an email address nor a userId nor an anonymousId."
    return Row(line, tuple(reading.ids.values()), reading.traits, reading.lists, reading.unsubscribed)


def path_of(trait: str) -> list[str]:
    """The keys of a trait's path."""
    steps, is_escaped = [""], False
    for char in trait:
        if char == "\\" and not is_escaped:
            is_escaped = True
        elif char == "." and not is_escaped:
            steps.append("")
        else:
            steps[-1] += char
            is_escaped = False
    return steps


def escaped(key: str) -> str:
    """A key as one step of a path."""
    return key.replace("\\", "\\\\").replace(".", "\\.")


def misplaced(columns: Sequence[Column]) -> dict[str, str]:
    """The traits whose path leads through what can't hold them, each with that: another column's trait, or a name that
    is no trait's.
    """
    paths = {column.trait: tuple(path_of(column.trait)) for column in columns if column.to == "trait"}
    taken = {*paths.values(), *((name,) for name in CONTROLS)}
    found = {}
    for trait, path in paths.items():
        outer = next((path[:end] for end in range(1, len(path)) if path[:end] in taken), ())
        if outer:
            found[trait] = ".".join(outer)
    return found


def is_no_trait(name: str) -> bool:
    """Whether an import takes a column of this name for something else than the trait of this name."""
    return name.startswith(EXACT) or _folded(name) in _IDENTITY_NAMES


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


# ---- guessing ----------------------------------------------------------------------------------------------------


def _guess(name: str, values: Sequence[str]) -> Column:
    if name.startswith(EXACT):
        return Column(name, "trait", name.removeprefix(EXACT), "any")
    typed = _TYPED.fullmatch(name)
    if typed:
        return Column(name, "trait", _plain(typed[2].replace("--", " ")), _TYPES[typed[1]])
    folded = _folded(name)
    if folded in _IDENTITY_NAMES:
        return Column(name, _IDENTITY_NAMES[folded])
    if not name:
        return Column(name, "ignore")
    trait = _TRAIT_NAMES.get(folded) or (name if len(name) <= 200 and _PATH.fullmatch(name) else _plain(name))
    return Column(name, "trait", trait, _type_of(values, _folded(trait)))


def _by_its_name(column: Column) -> Column:
    return replace(column, trait=_plain(column.name.removeprefix(EXACT)))


def _plain(name: str) -> str:
    return escaped(name.strip())[:200]


def _type_of(values: Sequence[str], folded: str) -> Type:
    if not values or "phone" in folded or "zip" in folded or "postal" in folded:
        return "text"
    if all(_NUMBER.fullmatch(value) for value in values):
        return "number"
    if all(value.lower() in ("true", "false", "yes", "no") for value in values):
        return "boolean"
    if all(number_of(value) is not None for value in values):
        return "date"
    return "any" if all(value[:1] in ("[", "{") and not isinstance(_any(value), str) for value in values) else "text"


def _first_address(column: Column, place: int, samples: Sequence[Sequence[str]]) -> Column:
    values = [row[place].strip() for row in samples if place < len(row) and row[place].strip()]
    if values and column.to == "trait" and all(not fault_of(EMAIL, value) for value in values):
        return Column(column.name, "email")
    return column


# ---- reading cells -----------------------------------------------------------------------------------------------

_WRONG = object()
_SAID = {"number": "number", "boolean": "yes or no", "date": "date such as 2026-11-30", "any": "value", "text": "text"}


def _unreadable(column: Column, cell: str) -> str:
    if len(cell) > LONGEST_TEXT:
        return f"{column.name} is longer than {LONGEST_TEXT:,} characters."
    if not cell.isascii() and any("\ud800" <= char <= "\udfff" for char in cell):
        return f"{column.name}: the row is not in the file's encoding."
    return f"{column.name} holds a NUL." if "\x00" in cell else ""


def _read_trait(reading: _Reading, column: Column, cell: str) -> str:
    value = _value(column.type, cell)
    if value is _WRONG:
        return f"{column.name}: {cell[:80]!r} is no {_SAID[column.type]}."
    _put(reading.traits, column.trait, value)
    return ""


def _read_id(reading: _Reading, column: Column, cell: str) -> str:
    kind, given = _KIND_OF[column.to], cell.strip()
    if not given:
        return ""
    reading.ids[kind] = (kind, given, key_of(kind, given))
    return fault_of(kind, given)


def _read_lists(reading: _Reading, column: Column, cell: str) -> str:
    reading.lists = tuple(dict.fromkeys(part.strip() for part in _LIST_END.split(cell) if part.strip()))
    if any(len(name) > 200 or not name.isprintable() for name in reading.lists):
        return f"{column.name}: {cell[:80]!r} can't be the name of a list."
    return ""


def _read_unsubscribed(reading: _Reading, column: Column, cell: str) -> str:
    text = cell.strip().lower()
    reading.unsubscribed = text in _YES
    return "" if text in _YES or text in _NO or not text else f"{column.name}: {cell[:80]!r} is neither yes nor no."


_READERS = {
    "trait": _read_trait,
    "email": _read_id,
    "userId": _read_id,
    "anonymousId": _read_id,
    "lists": _read_lists,
    "unsubscribed": _read_unsubscribed,
}


def _value(kind: Type, cell: str) -> Any:
    if kind == "text":
        return cell
    if kind == "any":
        return _any(cell)
    text = cell.strip()
    if kind == "boolean":
        return True if text.lower() in _YES else False if text.lower() in _NO else _WRONG
    if kind == "date":
        return text if number_of(text) is not None else _WRONG
    return _number(text)


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return _WRONG
    return number if abs(number) < float("inf") else _WRONG


def _any(cell: str) -> Any:
    """JSON where it is JSON, else the text: so an export writes it."""
    try:
        return decode(cell)
    except (ValueError, RecursionError):
        return cell


def _put(traits: dict[str, Any], path: str, value: Any) -> None:
    if "." not in path and "\\" not in path:
        traits[path] = value
        return
    *outer, last = path_of(path)
    inside = traits
    for key in outer:
        held = inside.get(key)
        if not isinstance(held, dict):
            held = inside[key] = {}
        inside = held
    inside[last] = value
