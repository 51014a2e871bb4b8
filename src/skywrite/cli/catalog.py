"""`skywrite catalog`: what can be added."""

from typing import Any, Literal

from skywrite.cli.common import COMMON, Common


def catalog(what: Literal["sources", "destinations"] | None = None, *, common: Common = COMMON) -> None:
    """Show the kinds of sources and destinations.

    Parameters
    ----------
    what
        Only one of the two.

    """
    found: dict[str, list[dict[str, Any]]] = {}
    if what in (None, "sources"):
        found["sources"] = _sources()
    if what in (None, "destinations"):
        found["destinations"] = _destinations()
    if common.json:
        common.done(found[what] if what else found, "")
        return
    rows = [
        (kind.removesuffix("s"), each["slug"], each["name"], ", ".join(each["categories"]), each["summary"])
        for kind, all_of_kind in found.items()
        for each in all_of_kind
    ]
    common.show(rows, "kinds", ("", "kind", "name", "categories", "what it does"), rows)


def _sources() -> list[dict[str, Any]]:
    from skywrite.sources.catalog import sources  # noqa: PLC0415

    return [
        {
            "slug": kind.slug,
            "name": kind.name,
            "categories": list(kind.categories),
            "summary": kind.summary(),
            "events": list(kind.events),
        }
        for kind in sources().values()
    ]


def _destinations() -> list[dict[str, Any]]:
    from skywrite.destinations.catalog import destinations  # noqa: PLC0415

    return [
        {
            "slug": kind.slug,
            "name": kind.name,
            "categories": list(kind.categories),
            "summary": kind.summary(),
            "methods": list(kind.methods),
            "settings": kind.fields(),
        }
        for kind in destinations().values()
    ]
