"""Every kind of destination there is: one module each in `kinds/`, found by its class."""

import importlib
import pkgutil
from functools import cache
from typing import Any

from skywrite.destinations import kinds
from skywrite.destinations.base import Destination
from skywrite.kit.errors import Refused


@cache
def destinations() -> dict[str, type[Destination[Any]]]:
    """Every kind by its slug, from A to Z by name."""
    for module in pkgutil.iter_modules(kinds.__path__):
        importlib.import_module(f"{kinds.__name__}.{module.name}")
    return {kind.slug: kind for kind in sorted(Destination.__subclasses__(), key=lambda kind: kind.name.lower())}


def destination(slug: str) -> type[Destination[Any]]:
    """The kind of this slug. Raises Refused where there is none."""
    found = destinations().get(slug)
    if found is None:
        raise Refused(
            f"There is no kind of destination {slug[:80]!r}; the catalog has {', '.join(destinations())}.", where="kind"
        )
    return found
