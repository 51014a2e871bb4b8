"""The SQL of sending domains."""

from typing import Any

from sqlalchemy import Delete, Insert, Select, Update, delete, insert, select, update

from skywrite.store.mail_tables import sending_domains


def every() -> Select[Any]:
    """Every sending domain, oldest first."""
    return select(sending_domains).order_by(sending_domains.c.created_at, sending_domains.c.domain)


def one(domain: str) -> Select[Any]:
    """One sending domain."""
    return select(sending_domains).where(sending_domains.c.domain == domain)


def add(**values: Any) -> Insert:
    """A new one."""
    return insert(sending_domains).values(**values)


def change(domain: str, **values: Any) -> Update:
    """New values for one."""
    return update(sending_domains).where(sending_domains.c.domain == domain).values(**values)


def remove(domain: str) -> Delete:
    """Take one away, its keys included."""
    return delete(sending_domains).where(sending_domains.c.domain == domain)
