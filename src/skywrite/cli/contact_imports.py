"""`skywrite contact import`: a CSV file, tried or taken; by the server where one runs, else here."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from skywrite.cli.common import BY, COMMON, Common, Repeated, pairs, say, warn
from skywrite.contacts.csv_files import Encoding
from skywrite.kit.errors import Refused

if TYPE_CHECKING:
    from skywrite.contacts.imports import Import, Imports

_LOOK_SECONDS = 0.2


def import_contacts(
    file: Path,
    /,
    *,
    on: Annotated[str, Parameter(name="--list", help="Put everybody on this list; made where there is none.")] = "",
    column: Annotated[list[str] | None, Repeated] = None,
    encoding: Encoding | None = None,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> None:
    """Import contacts from a CSV file; what its columns are is guessed from their names.

    Parameters
    ----------
    column
        What a column is, as name=email, userId, anonymousId, lists, unsubscribed, ignore, or trait:path:type (of text,
        number, boolean, date, any); can be given several times.
    encoding
        What the file is written in, where it is neither UTF-8 nor UTF-16 nor Windows-1252 (cp1252): cp932 is Shift-JIS,
        cp949 is EUC-KR, cp950 is Big5.
    dry_run
        Say what would become of the rows, and change nothing.

    """
    import shutil  # noqa: PLC0415

    from skywrite.contacts.imports import Imports  # noqa: PLC0415
    from skywrite.contacts.lists import Lists, list_for  # noqa: PLC0415

    with common.store() as store:
        imports = Imports(store, common.settings.data / "imports")
        draft = imports.draft()
        try:
            shutil.copyfile(file, draft)
        except OSError as error:
            raise Refused(f"{file} can't be read: {error.strerror}.", where="file") from error
        try:
            begun = imports.begin(draft, file.name, BY)
        finally:
            draft.unlink(missing_ok=True)
        begun = _read_as(imports, begun, encoding)
        columns = _columns(begun, column)
        list_id = None
        if on and not dry_run:
            with store.write() as connection:
                list_id = list_for(connection, on, begun.created_at).id
        elif on:
            list_id = next((each.id for each in Lists(store).all() if each.name == on), None)
        act = imports.check if dry_run else imports.start
        act(begun.id, columns, list_id)
        ended = _carried_out(imports, begun.id, common)
        refused = imports.refusals(begun.id, limit=20)
        if dry_run:
            imports.cancel(begun.id)
    _report(common, ended, refused)


def _read_as(imports: "Imports", begun: "Import", encoding: Encoding | None) -> "Import":
    """The import, read in this encoding. Raises Refused, and gives it up, where none is said and the guess is wrong."""
    import msgspec  # noqa: PLC0415

    form = begun.mapping.form
    if encoding:
        return imports.reread(begun.id, msgspec.structs.replace(form, encoding=encoding))
    if not imports.samples(begun.id).fits:
        imports.cancel(begun.id)
        raise Refused("The file is neither UTF-8 nor Windows-1252: choose its encoding.", where="encoding")
    return begun


def _columns(begun: "Import", given: list[str] | None) -> list[Any]:
    from skywrite.contacts.mapping import Column  # noqa: PLC0415

    wanted = pairs(given or (), "column")
    names = [column.name for column in begun.mapping.columns]
    unknown = next((name for name in wanted if name not in names), None)
    if unknown:
        raise Refused(f"The file has no column {unknown!r}; it has {', '.join(names)}.", where="column")
    columns = []
    for column in begun.mapping.columns:
        to, _, rest = wanted.get(column.name, "").partition(":")
        if to:
            trait, _, kind = rest.partition(":")
            values: Any = {"to": to, "trait": trait or column.trait or column.name, "type": kind or "text"}
            columns.append(_checked(Column, column.name, values))
        else:
            columns.append(column)
    return columns


def _checked(kind: Any, name: str, values: dict[str, Any]) -> Any:
    import msgspec  # noqa: PLC0415

    try:
        return msgspec.convert({"name": name} | values, kind)
    except msgspec.ValidationError as error:
        raise Refused(f"--column {name}: {error}.", where="column") from error


def _carried_out(imports: "Imports", import_id: int, common: Common) -> "Import":
    """Work on it here, unless the server does: whoever comes second finds each batch done."""
    waiting = [each.id for each in imports.waiting()]
    if not common.json:
        warn(f"Import {import_id}, number {waiting.index(import_id) + 1 if import_id in waiting else 1} in line.")
    if not _server_works(common):
        imports.work(import_id)
    while (found := imports.get(import_id)).state in ("checking", "importing"):
        time.sleep(_LOOK_SECONDS)
    return found


def _server_works(common: Common) -> bool:
    from skywrite.kit.roles import read_roles  # noqa: PLC0415

    role = read_roles(common.settings.run).get("imports")
    return role is not None and role.is_live


def _report(common: Common, ended: "Import", refused: list[tuple[int, str, str]]) -> None:
    value = {
        "id": ended.id,
        "state": ended.state,
        "rows": ended.rows,
        "created": ended.created,
        "updated": ended.updated,
        "refused": ended.refused,
        "refusals": [{"line": line, "reason": reason, "row": row} for line, reason, row in refused],
    }
    would = "would be " if ended.state == "checked" else ""
    sentence = f"{ended.created} {would}new, {ended.updated} {would}updated, {ended.refused} {would}refused."
    common.done(value, ended.reason or sentence)
    if not common.json:
        for line, reason, _ in refused:
            say(f"  line {line}: {reason}")
