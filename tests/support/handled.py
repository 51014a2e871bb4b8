"""Contacts for tests."""

from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from skywrite.contacts.imports import Import, Imports
from skywrite.contacts.mapping import Column
from skywrite.contacts.search import Search, TraitRule, every
from skywrite.contacts.service import People
from skywrite.settings import Settings
from skywrite.store.engine import Store


def a_contact(store: Store, email: str = "ada@example.com", **traits: Any) -> int:
    """A new contact's id."""
    return People(store).add(email, traits=traits, by="test").id


def rule(name: str, op: Any, value: str = "") -> tuple[TraitRule, ...]:
    return (TraitRule(name, op, value),)


def emails(store: Store, **search: Any) -> list[str | None]:
    """The addresses of all that a search finds, in order."""
    return [row.email for rows in every(store, Search(**search)) for row in rows]


def rows_of(store: Store, table: Any) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(select(table)).all())


def count_rows(store: Store, table: Any) -> int:
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def uploaded(
    settings: Settings, store: Store, content: str | bytes, name: str = "people.csv"
) -> tuple[Imports, Import]:
    """An import of a file of this content, as it was uploaded."""
    imports = Imports(store, settings.data / "imports")
    draft: Path = imports.draft()
    draft.write_bytes(content.encode() if isinstance(content, str) else content)
    return imports, imports.begin(draft, name, "ada@example.com")


def imported(
    settings: Settings,
    store: Store,
    content: str | bytes,
    columns: list[Column] | None = None,
    list_id: int | None = None,
) -> Import:
    """The same, carried out."""
    imports, begun = uploaded(settings, store, content)
    imports.start(begun.id, columns or begun.mapping.columns, list_id)
    imports.work(begun.id)
    return imports.get(begun.id)
