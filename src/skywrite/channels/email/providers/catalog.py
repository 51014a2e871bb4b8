"""Every way to send mail: a module or a package each beside this one, found by its class."""

import importlib
import pkgutil
from functools import cache
from typing import Any

from skywrite.channels.email import providers as room
from skywrite.channels.email.providers.base import EmailProvider
from skywrite.kit.errors import Refused


@cache
def providers() -> dict[str, type[EmailProvider[Any]]]:
    """Every provider by its slug, from A to Z by name."""
    for module in pkgutil.iter_modules(room.__path__):
        importlib.import_module(
            f"{room.__name__}.{module.name}.provider" if module.ispkg else f"{room.__name__}.{module.name}"
        )
    return {kind.slug: kind for kind in sorted(EmailProvider.__subclasses__(), key=lambda kind: kind.name.lower())}


def provider(slug: str) -> type[EmailProvider[Any]]:
    """The provider of this slug. Raises Refused where there is none."""
    found = providers().get(slug)
    if found is None:
        raise Refused(
            f"There is no way to send mail {slug[:80]!r}; there are {', '.join(providers())}.", where="provider"
        )
    return found
