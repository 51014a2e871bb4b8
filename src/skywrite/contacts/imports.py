"""Imports of CSV files: uploaded, mapped, tried, carried out; each batch is one transaction with its progress."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update
from xxhash import xxh3_64_intdigest

from skywrite.contacts import csv_files
from skywrite.contacts.csv_files import Form, Line
from skywrite.contacts.importing import Batch, Refusal, carry_out, plan
from skywrite.contacts.lists import TOPIC, ContactList, Lists
from skywrite.contacts.mapping import Column, Row, escaped, guess, misplaced, path_of, read_row
from skywrite.contacts.traits import CONTROLS
from skywrite.kit.errors import Refused
from skywrite.kit.ids import new_id
from skywrite.kit.time import now_micros
from skywrite.store.bulk import make_room
from skywrite.store.contact_tables import import_refusals, imports
from skywrite.store.engine import Store
from skywrite.store.types import storable

IMPORT_TOPIC = "imports"
WORKING = ("checking", "importing")
_BATCH = 2_000
_SAMPLES = 20
_SHOWN = 5
_LONGEST_ROW = 4_000
_DAY = 24 * 3600 * 1_000_000
_WAITS = 7 * _DAY  # for a person to go on; the file holds people's data


class Mapping(Struct, frozen=True):
    """How a file is read; `by` is who uploaded it."""

    form: Form
    columns: list[Column]
    by: str


class Import(Struct, frozen=True):
    """One import as it stands. Times are µs."""

    id: int
    name: str
    state: str
    mapping: Mapping
    list_id: int | None
    rows: int
    done: int
    created: int
    updated: int
    refused: int
    reason: str
    created_at: int
    finished_at: int | None


class Samples(Struct, frozen=True):
    """The names of a file's columns and its first rows, as they can be shown; `fits` is as `csv_files.fits` says."""

    columns: list[str]
    rows: list[list[str]]
    fits: bool = True


class Imports:
    """The imports of a data folder, whose files lie in `folder`."""

    def __init__(self, store: Store, folder: Path, clock: Callable[[], int] = now_micros) -> None:
        self._store, self._folder, self._now = store, folder, clock

    def file(self, import_id: int) -> Path:
        """Where an import's file lies until it is done."""
        return self._folder / f"{import_id}.csv"

    def draft(self) -> Path:
        """Where an upload is written before it is an import."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / new_id(".upload")

    def begin(self, path: Path, name: str, by: str) -> Import:
        """Take an uploaded file, which is moved away, and guess what its columns are. Raises Refused for no CSV."""
        form = csv_files.detect(path)
        mapping = Mapping(form, guessed(path, form), by)
        rows = sum(1 for _ in csv_files.lines(path, form))
        if rows == 0:
            raise Refused("The file has no rows but its heading.", where="file")
        with self._store.write() as connection:
            row = insert(imports).values(
                name=name.strip()[:200] or "contacts.csv", state="uploaded", mapping=msgspec.to_builtins(mapping),
                list_id=None, rows=rows, done=0, created=0, updated=0, refused=0, reason="", created_at=self._now(),
            )  # fmt: skip
            import_id = connection.execute(row.returning(imports.c.id)).scalar_one()
            self._folder.mkdir(parents=True, exist_ok=True)
            path.replace(self.file(import_id))
        return self.get(import_id)

    def all(self, limit: int = 100) -> list[Import]:
        """The latest, newest first."""
        with self._store.read() as connection:
            return [_import(row) for row in connection.execute(_all().limit(limit)).mappings()]

    def get(self, import_id: int) -> Import:
        """One. Raises Refused (404) where there is none."""
        with self._store.read() as connection:
            return _get(connection, import_id)

    def samples(self, import_id: int) -> Samples:
        """The names of its columns and its first rows, none once the file is gone."""
        found = self.get(import_id)
        path = self.file(import_id)
        if not path.exists():
            return Samples([column.name for column in found.mapping.columns], [])
        form = found.mapping.form
        rows = [[csv_files.shown(cell) for cell in line.cells] for line in islice(csv_files.lines(path, form), _SHOWN)]
        return Samples(csv_files.header(path, form), rows, csv_files.fits(path, form))

    def reread(self, import_id: int, form: Form) -> Import:
        """Read the file in another way than was detected; its columns are guessed anew."""
        path = self.file(self.get(import_id).id)
        if not path.exists():
            raise Refused("The import has ended: its file is gone.", where="import", status=409)
        columns = guessed(path, form)
        rows = sum(1 for _ in csv_files.lines(path, form))
        return self._change(import_id, ("uploaded", "checked"), form=form, columns=columns, rows=rows)

    def check(self, import_id: int, columns: Sequence[Column], list_id: int | None) -> Import:
        """Try it: count what would become of its rows, and change nothing. The role does it."""
        return self._start(import_id, "checking", ("uploaded", "checked"), columns, list_id)

    def start(self, import_id: int, columns: Sequence[Column], list_id: int | None) -> Import:
        """Carry it out. The role does it."""
        return self._start(import_id, "importing", ("uploaded", "checked"), columns, list_id)

    def cancel(self, import_id: int) -> Import:
        """End it where it is; what it brought stays."""
        with self._store.write() as connection:
            found = _get(connection, import_id)
            if found.state in ("done", "failed", "cancelled"):
                raise Refused("The import has ended already.", where="import", status=409)
            connection.execute(_set(import_id, state="cancelled", finished_at=self._now()))
            self._store.announce(connection, IMPORT_TOPIC)
        self.file(import_id).unlink(missing_ok=True)
        return self.get(import_id)

    def refusals(self, import_id: int, after: int = 0, limit: int = 100) -> list[tuple[int, str, str]]:
        """Rows that were refused, by their line: (line, reason, the row as CSV)."""
        with self._store.read() as connection:
            _get(connection, import_id)
            query = (
                select(import_refusals.c.line, import_refusals.c.reason, import_refusals.c.row)
                .where(import_refusals.c.import_id == import_id, import_refusals.c.line > after)
                .order_by(import_refusals.c.line)
                .limit(limit)
            )
            return [(row.line, row.reason, row.row) for row in connection.execute(query)]

    def report(self, import_id: int) -> Iterator[bytes]:
        """Every refused row as CSV: line, reason, and the row's own cells."""
        found = self.get(import_id)
        names = [column.name for column in found.mapping.columns]
        yield (csv_files.written(["line", "reason", *names]) + "\r\n").encode()
        after = 0
        while page := self.refusals(import_id, after, 2_000):
            after = page[-1][0]
            lines = (f"{line},{csv_files.written([reason])},{row}\r\n" for line, reason, row in page)
            yield "".join(lines).encode("utf-8", "replace")

    def waiting(self) -> list[Import]:
        """Those that the role has to work on, oldest first."""
        with self._store.read() as connection:
            query = _all().where(imports.c.state.in_(WORKING)).order_by(None).order_by(imports.c.id)
            return [_import(row) for row in connection.execute(query).mappings()]

    def work(self, import_id: int, stop: Callable[[], bool] = lambda: False) -> None:
        """Go on with an import to its end, or until `stop`; after a crash it goes on behind its last batch."""
        begun = self.get(import_id)
        path = self.file(import_id)
        if not path.exists():
            self._end(import_id, "failed", "Its file is gone.")
            return
        into = self._list_of(begun)
        for batch in _batches(path, begun):
            if stop() or not self._take(begun, batch, into):
                return
        state = "checked" if begun.state == "checking" else "done"
        self._end(import_id, state, "")

    def forget(self) -> None:
        """Give up what nobody went on with for a week: a file of people's data is not kept for nothing."""
        with self._store.read() as connection:
            old = imports.c.created_at < self._now() - _WAITS
            query = select(imports.c.id).where(imports.c.state.in_(("uploaded", "checked")), old)
            stale = connection.execute(query).scalars().all()
        for import_id in stale:
            with contextlib.suppress(Refused):
                self.cancel(import_id)

    # ---- steps ---------------------------------------------------------------------------------------------------

    def _take(self, begun: Import, batch: "_Batch", into: ContactList | None) -> bool:
        """One batch, in one transaction with its progress; False where the import was cancelled meanwhile.

        A batch that another has taken meanwhile is passed over: so two that work on an import do nothing twice.
        """
        with self._store.write() as connection:
            make_room(connection)
            now = _get(connection, begun.id)
            if now.state != begun.state:
                return False
            if now.done != batch.first:
                return True
            source = Batch(begun.id, begun.mapping.by, self._now(), into)
            if begun.state == "checking":
                made = plan(connection, batch.rows, source)
            else:
                made = carry_out(connection, batch.rows, source)
                self._store.announce(connection, TOPIC)
            refused = [*batch.refused, *made.refused]
            _keep_refusals(connection, begun.id, refused, batch.cells)
            connection.execute(
                _set(
                    begun.id,
                    done=batch.last,
                    created=now.created + made.created,
                    updated=now.updated + made.updated,
                    refused=now.refused + len(refused),
                )
            )
            self._store.announce(connection, IMPORT_TOPIC)
        return True

    def _list_of(self, begun: Import) -> ContactList | None:
        with contextlib.suppress(Refused):  # a list that was removed meanwhile is no reason to lose the rows
            return Lists(self._store).get(begun.list_id) if begun.list_id is not None else None
        return None

    def _start(
        self, import_id: int, state: str, states: Sequence[str], columns: Sequence[Column], list_id: int | None
    ) -> Import:
        if list_id is not None:
            Lists(self._store).get(list_id)
        changed = self._change(import_id, states, columns=list(columns), state=state, list_id=list_id)
        with self._store.write() as connection:
            self._store.announce(connection, IMPORT_TOPIC)
        return changed

    def _change(
        self,
        import_id: int,
        states: Sequence[str],
        *,
        columns: list[Column],
        form: Form | None = None,
        **values: Any,
    ) -> Import:
        """Another mapping, and everything counted from the beginning."""
        with self._store.write() as connection:
            found = _get(connection, import_id)
            if found.state not in states:
                raise Refused(f"The import is {found.state} already.", where="import", status=409)
            if form is None:
                _check_columns(columns, len(found.mapping.columns))
            mapping = Mapping(form or found.mapping.form, columns, found.mapping.by)
            connection.execute(delete(import_refusals).where(import_refusals.c.import_id == import_id))
            connection.execute(
                _set(
                    import_id,
                    mapping=msgspec.to_builtins(mapping),
                    done=0,
                    created=0,
                    updated=0,
                    refused=0,
                    reason="",
                    **values,
                )
            )
            return _get(connection, import_id)

    def _end(self, import_id: int, state: str, reason: str) -> None:
        with self._store.write() as connection:
            values: dict[str, Any] = {"state": state, "reason": reason}
            if state != "checked":
                values["finished_at"] = self._now()
            connection.execute(_set(import_id, **values))
            self._store.announce(connection, IMPORT_TOPIC)
        if state != "checked":
            self.file(import_id).unlink(missing_ok=True)


def guessed(path: Path, form: Form) -> list[Column]:
    """What a file's columns likely are. Raises Refused where there are too many."""
    names = csv_files.header(path, form)
    samples = [line.cells for line in islice(csv_files.lines(path, form), _SAMPLES)]
    return guess(names, samples)


# ---- batches -----------------------------------------------------------------------------------------------------


class _Batch(Struct):
    """Rows of the file behind the first `first`, up to `last`."""

    first: int
    last: int
    rows: list[Row]
    refused: list[Refusal]
    cells: dict[int, list[str]]  # of each line: what is refused is kept


def _batches(path: Path, begun: Import) -> Iterator[_Batch]:
    """Batches behind what is done; those before are read too, to know a contact that stands in the file again."""
    seen: dict[int, int] = {}
    first = 0
    every = csv_files.lines(path, begun.mapping.form)
    while taken := list(islice(every, _BATCH)):
        batch = _read(begun.mapping.columns, taken, seen, first)
        if batch.last > begun.done:
            yield batch
        first = batch.last


def _read(columns: Sequence[Column], taken: Sequence[Line], seen: dict[int, int], first: int) -> _Batch:
    batch = _Batch(first, first + len(taken), [], [], {})
    for line in taken:
        batch.cells[line.number] = line.cells
        row = line.fault or read_row(columns, line.number, line.cells)
        if isinstance(row, str):
            batch.refused.append(Refusal(line.number, row))
            continue
        twice = _seen_before(row, seen)
        if twice:
            batch.refused.append(Refusal(line.number, twice))
        else:
            batch.rows.append(row)
    return batch


def _seen_before(row: Row, seen: dict[int, int]) -> str:
    hashes = [xxh3_64_intdigest(f"{kind}{key}".encode("utf-8", "surrogatepass")) for kind, _, key in row.ids]
    for mark in hashes:
        if mark in seen:
            return f"It is the same contact as line {seen[mark]}."
    seen.update(dict.fromkeys(hashes, row.line))
    return ""


# ---- rows of the store -------------------------------------------------------------------------------------------


def _all() -> Any:
    return select(imports).order_by(imports.c.id.desc())


def _set(import_id: int, **values: Any) -> Any:
    return update(imports).where(imports.c.id == import_id).values(values)


def _get(connection: Connection, import_id: int) -> Import:
    row = connection.execute(_all().where(imports.c.id == import_id)).mappings().one_or_none()
    if row is None:
        raise Refused(f"There is no import {import_id}.", where="import", status=404)
    return _import(row)


def _import(row: Any) -> Import:
    return Import(**(dict(row) | {"mapping": msgspec.convert(_storable(row["mapping"]), Mapping)}))


def _storable(value: Any) -> Any:
    """JSON's strings, made storable: what came in by whatever way, one row must not make a list unreadable."""
    if isinstance(value, dict):
        return {name: _storable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return storable(value) if isinstance(value, str) else value


def _keep_refusals(
    connection: Connection, import_id: int, refused: Sequence[Refusal], cells: dict[int, list[str]]
) -> None:
    rows = [
        {"import_id": import_id, "line": each.line, "reason": each.reason, "row": _kept(cells.get(each.line, []))}
        for each in refused
    ]
    if rows:
        connection.execute(insert(import_refusals), rows)


def _kept(cells: list[str]) -> str:
    text = csv_files.written(cells)
    if len(text) <= _LONGEST_ROW:
        return text
    return csv_files.written([cell if len(cell) <= 80 else f"{cell[:80]}…" for cell in cells])[:_LONGEST_ROW]


def _check_columns(columns: Sequence[Column], width: int) -> None:
    if len(columns) != width:
        raise Refused(f"The file has {width} columns.", where="columns")
    used = [column.to for column in columns]
    for kind in ("email", "userId", "anonymousId", "lists", "unsubscribed"):
        if used.count(kind) > 1:
            raise Refused(f"Only one column can be the {kind}.", where="columns")
    if not {"email", "userId", "anonymousId"} & set(used):
        raise Refused("One column must be the email address, the userId or the anonymousId.", where="columns")
    traits = [column.trait for column in columns if column.to == "trait"]
    if any(not 1 <= len(trait) <= 200 for trait in traits):
        raise Refused("A trait needs a name of at most 200 characters.", where="columns")
    paths = Counter(tuple(path_of(trait)) for trait in traits)
    control = next((name for name in CONTROLS if (name,) in paths), None)
    if control:
        raise Refused(f"{control} is no trait: map that column to what it is, or to nothing.", where="columns")
    twice = next((path for path, times in paths.items() if times > 1), None)
    if twice:
        raise Refused(f"Two columns are the trait {'.'.join(twice)}.", where="columns")
    for trait, outer in misplaced(columns).items():
        whole = escaped(".".join(path_of(trait)))
        raise Refused(f"{trait} can't be inside {outer}: as one name it is written {whole}.", where="columns")
