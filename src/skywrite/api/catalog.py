"""What can be added: kinds of sources and of destinations."""

from litestar import Router

from skywrite.api.parts import Parts
from skywrite.api.routes import read
from skywrite.api.schemas import CatalogSource
from skywrite.api.signing import signed_in
from skywrite.sources import catalog
from skywrite.sources.base import Place, SourceKind

_PLACEHOLDER = "WRITE_KEY"


@read("/catalog/sources", summary="The kinds of sources")
def catalog_sources(parts: Parts) -> list[CatalogSource]:
    """In the catalog's order; their snippets name this server and `WRITE_KEY`."""
    place = Place(parts.settings.base_url, _PLACEHOLDER)
    return [catalog_source(kind, place) for kind in catalog.sources().values()]


def catalog_source(kind: type[SourceKind], place: Place) -> CatalogSource:
    """One kind as the catalog shows it."""
    return CatalogSource(
        slug=kind.slug,
        name=kind.name,
        summary=kind.summary(),
        description=kind.description(),
        categories=list(kind.categories),
        icon=kind.slug,
        component="stream",
        events=list(kind.events),
        snippets=kind.snippets(place),
    )


routes = Router("/api/v1", route_handlers=[catalog_sources], guards=[signed_in], tags=["catalog"])
