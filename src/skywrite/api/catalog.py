"""What can be added: kinds of sources and of destinations."""

import msgspec
from litestar import Router

from skywrite.api.routes import Given, read
from skywrite.api.schemas import CatalogDestination, CatalogSource, FormField
from skywrite.api.signing import signed_in
from skywrite.destinations import catalog as destination_kinds
from skywrite.sources import catalog
from skywrite.sources.base import Place, SourceKind

_PLACEHOLDER = "WRITE_KEY"


@read("/catalog/sources", summary="The kinds of sources")
def catalog_sources(parts: Given) -> list[CatalogSource]:
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


@read("/catalog/destinations", summary="The kinds of destinations")
def catalog_destinations() -> list[CatalogDestination]:
    """From A to Z, each with the fields of its form."""
    return [
        CatalogDestination(
            slug=kind.slug,
            name=kind.name,
            summary=kind.summary(),
            description=kind.description(),
            categories=list(kind.categories),
            icon=kind.icon,
            methods=list(kind.methods),
            fields=[FormField(**msgspec.structs.asdict(field)) for field in kind.fields()],
        )
        for kind in destination_kinds.destinations().values()
    ]


routes = Router("/api/v1", route_handlers=[catalog_sources, catalog_destinations], guards=[signed_in], tags=["catalog"])
