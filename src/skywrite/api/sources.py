"""Sources: the list, one source, its keys."""

from litestar import Router
from litestar.params import FromPath, JSONBody

from skywrite.api.routes import Given, act, change, create, read, remove
from skywrite.api.schemas import NewSource, RotateKey, Source, SourceChange
from skywrite.api.signing import signed_in
from skywrite.api.source_views import shown
from skywrite.sources import catalog
from skywrite.sources.base import Place, Snippet


@read("/sources", summary="Every source")
def list_sources(parts: Given) -> list[Source]:
    """Oldest first, each with its counts of the last 24 hours."""
    return shown(parts, parts.sources.all())


@create("/sources", summary="Add a source")
def add_source(parts: Given, data: JSONBody[NewSource]) -> Source:
    """It takes events at once, with the write key in the answer."""
    return shown(parts, [parts.sources.add(data.kind, data.name, data.labels, data.schema)])[0]


@read("/sources/{source:str}", summary="One source")
def show_source(parts: Given, source: FromPath[str]) -> Source:
    """By its id or its schema."""
    return shown(parts, [parts.sources.get(source)])[0]


@change("/sources/{source:str}", summary="Rename, label, switch on or off")
def change_source(parts: Given, source: FromPath[str], data: JSONBody[SourceChange]) -> Source:
    """Only what is given changes; a new name leaves the schema as it is."""
    changed = parts.sources.change(source, name=data.name, enabled=data.enabled, labels=data.labels)
    return shown(parts, [changed])[0]


@remove("/sources/{source:str}", summary="Remove a source")
def remove_source(parts: Given, source: FromPath[str]) -> None:
    """Its keys stop working at once; its events stay in the warehouse."""
    parts.sources.remove(source)


@act("/sources/{source:str}/rotate-key", summary="A new write key; the old ones end after a grace")
def rotate_key(parts: Given, source: FromPath[str], data: JSONBody[RotateKey | None] = None) -> Source:
    """During the grace old and new keys both work, so that no event is lost while programs change over."""
    return shown(parts, [parts.sources.rotate(source, (data or RotateKey()).grace_hours)])[0]


@remove("/sources/{source:str}/keys/{key:str}", summary="End a write key at once", status_code=200)
def revoke_key(parts: Given, source: FromPath[str], key: FromPath[str]) -> Source:
    """The last key of a source stays."""
    return shown(parts, [parts.sources.revoke(source, key)])[0]


@read("/sources/{source:str}/snippets", summary="What to paste so that events arrive")
def source_snippets(parts: Given, source: FromPath[str]) -> list[Snippet]:
    """With this server's address and the source's newest write key filled in."""
    found = parts.sources.get(source)
    place = Place(parts.settings.base_url, next(iter(found.write_keys), "WRITE_KEY"))
    return catalog.source(found.kind).snippets(place)


routes = Router(
    "/api/v1",
    route_handlers=[
        list_sources, add_source, show_source, change_source, remove_source, rotate_key, revoke_key, source_snippets,
    ],
    guards=[signed_in],
    tags=["sources"],
)  # fmt: skip
