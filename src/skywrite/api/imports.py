"""Imports of contacts: a file is uploaded, mapped, tried and carried out."""

from pathlib import Path
from typing import Annotated, Any

import anyio.to_thread
from litestar import Request, Router, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream

from skywrite.api import contact_schemas as schemas
from skywrite.api.contacts import streamed
from skywrite.api.parts import Parts
from skywrite.api.problems import RESPONSES
from skywrite.api.routes import Given, SerialId, act, change, read
from skywrite.api.signing import signed_in
from skywrite.contacts.csv_files import Form
from skywrite.contacts.ids import public_list
from skywrite.contacts.imports import Import, Imports
from skywrite.contacts.mapping import Column
from skywrite.kit.ids import number_of
from skywrite.kit.time import to_datetime

AnyRequest = Request[Any, Any, Any]
LARGEST_FILE = 2 << 30
FileName = Annotated[str, QueryParameter(max_length=200, description="The file's name.")]
RefusedAfter = Annotated[int, QueryParameter(ge=0, le=(1 << 63) - 1, description="Only lines behind this one.")]
PageLimit = Annotated[int, QueryParameter(ge=1, le=500, description="At most so many.")]


@read("/contacts/imports", summary="The latest imports")
def list_imports(parts: Given) -> list[schemas.ContactImport]:
    """Newest first, at most 100."""
    return [_shown(each) for each in imports_of(parts).all()]


@post("/contacts/imports", summary="Upload a CSV file", responses=RESPONSES, request_max_body_size=LARGEST_FILE)
async def upload_import(parts: Given, request: AnyRequest, name: FileName = "contacts.csv") -> schemas.ContactImport:
    """The file is the request's body. Nothing is imported yet: what its columns are is guessed, for you to change."""
    imports = imports_of(parts)
    draft = await anyio.to_thread.run_sync(imports.draft)
    try:
        await _save(request, draft)
        return _shown(await anyio.to_thread.run_sync(imports.begin, draft, name, request.state.email))
    finally:
        draft.unlink(missing_ok=True)


@read("/contacts/imports/{import_id:int}", summary="One import")
def show_import(parts: Given, import_id: SerialId) -> schemas.ContactImport:
    """With how far it is."""
    return _shown(imports_of(parts).get(import_id))


@read("/contacts/imports/{import_id:int}/samples", summary="The first rows of an import's file")
def import_samples(parts: Given, import_id: SerialId) -> schemas.ImportSamples:
    """None once it is done: the file is gone by then."""
    found = imports_of(parts).samples(import_id)
    return schemas.ImportSamples(found.columns, found.rows, found.fits)


@change("/contacts/imports/{import_id:int}", summary="Read the file in another way")
def reread_import(parts: Given, import_id: SerialId, data: JSONBody[schemas.ImportForm]) -> schemas.ContactImport:
    """Another delimiter, encoding or heading than was found; the columns are guessed anew."""
    form = Form(data.delimiter, data.encoding, data.has_header)
    return _shown(imports_of(parts).reread(import_id, form))


@act("/contacts/imports/{import_id:int}/check", summary="Try an import")
def check_import(parts: Given, import_id: SerialId, data: JSONBody[schemas.ImportMapping]) -> schemas.ContactImport:
    """Counts what would become of each row, and changes nothing; look at the import to see how far it is."""
    return _shown(imports_of(parts).check(import_id, _columns(data), _list_id(data)))


@act("/contacts/imports/{import_id:int}/start", summary="Carry an import out")
def start_import(parts: Given, import_id: SerialId, data: JSONBody[schemas.ImportMapping]) -> schemas.ContactImport:
    """It goes on by itself, also after a crash; look at the import to see how far it is."""
    return _shown(imports_of(parts).start(import_id, _columns(data), _list_id(data)))


@act("/contacts/imports/{import_id:int}/cancel", summary="End an import where it is")
def cancel_import(parts: Given, import_id: SerialId) -> schemas.ContactImport:
    """What it brought already stays."""
    return _shown(imports_of(parts).cancel(import_id))


@read("/contacts/imports/{import_id:int}/refused", summary="Rows that were not taken")
def list_refused_rows(
    parts: Given, import_id: SerialId, after: RefusedAfter = 0, limit: PageLimit = 100
) -> list[schemas.RefusedRow]:
    """By their line, each with its reason."""
    return [schemas.RefusedRow(*row) for row in imports_of(parts).refusals(import_id, after, limit)]


@get(
    "/contacts/imports/{import_id:int}/report",
    summary="The rows that were not taken, as CSV",
    responses=RESPONSES,
    media_type="text/csv; charset=utf-8",
)
async def import_report(parts: Given, import_id: SerialId) -> Stream:
    """Line, reason, and the row's own cells: mend them and import that."""
    imports = imports_of(parts)
    found = await anyio.to_thread.run_sync(imports.get, import_id)
    headers = {"Content-Disposition": f'attachment; filename="refused-{found.id}.csv"'}
    return Stream(streamed(imports.report(import_id)), media_type="text/csv; charset=utf-8", headers=headers)


def imports_of(parts: Parts) -> Imports:
    """The imports of this data folder."""
    return Imports(parts.store, parts.settings.data / "imports")


async def _save(request: AnyRequest, path: Path) -> None:
    async with await anyio.open_file(path, "wb") as file:
        async for piece in request.stream():
            await file.write(piece)


def _columns(data: schemas.ImportMapping) -> list[Column]:
    return [Column(each.name, each.to, each.trait.strip(), each.type) for each in data.columns]


def _list_id(data: schemas.ImportMapping) -> int | None:
    return number_of("list", data.list_id) if data.list_id else None


def _shown(found: Import) -> schemas.ContactImport:
    form: Any = found.mapping.form
    state: Any = found.state
    return schemas.ContactImport(
        id=found.id,
        name=found.name,
        state=state,
        form=schemas.ImportForm(form.delimiter, form.encoding, form.has_header),
        columns=[schemas.ImportColumn(each.name, each.to, each.trait, each.type) for each in found.mapping.columns],
        list_id=None if found.list_id is None else public_list(found.list_id),
        rows=found.rows,
        done=found.done,
        created=found.created,
        updated=found.updated,
        refused=found.refused,
        reason=found.reason,
        by=found.mapping.by,
        created_at=to_datetime(found.created_at),
        finished_at=None if found.finished_at is None else to_datetime(found.finished_at),
    )


routes = Router(
    "/api/v1",
    route_handlers=[
        list_imports, upload_import, show_import, import_samples, reread_import, check_import, start_import,
        cancel_import, list_refused_rows, import_report,
    ],
    guards=[signed_in],
    tags=["contacts"],
)  # fmt: skip
