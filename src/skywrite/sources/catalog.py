"""Every kind of source there is: one module each in `kinds/`, found by its class."""

import importlib
import pkgutil
from functools import cache

from skywrite.kit.errors import Refused
from skywrite.sources import kinds
from skywrite.sources.base import SourceKind

_FIRST_CATEGORIES = ("Website", "Mobile", "Server")


@cache
def sources() -> dict[str, type[SourceKind]]:
    """Every kind by its slug, in the catalog's order: Website, Mobile, Server, then categories from A to Z."""
    for module in pkgutil.iter_modules(kinds.__path__):
        importlib.import_module(f"{kinds.__name__}.{module.name}")
    return {kind.slug: kind for kind in sorted(SourceKind.__subclasses__(), key=_order)}


def source(slug: str) -> type[SourceKind]:
    """The kind of this slug. Raises Refused where there is none."""
    found = sources().get(slug)
    if found is None:
        raise Refused(
            f"There is no kind of source {slug[:80]!r}; the catalog has {', '.join(sorted(sources()))}.", where="kind"
        )
    return found


def _order(kind: type[SourceKind]) -> tuple[int, str, str]:
    first = kind.categories[0]
    place = _FIRST_CATEGORIES.index(first) if first in _FIRST_CATEGORIES else len(_FIRST_CATEGORIES)
    return place, first, kind.name.lower()
