"""`skywrite contact merge` and `skywrite contact erase`: what changes who people are, and is not undone."""

from skywrite.cli.common import COMMON, Common


def merge(contact: str, other: str, /, *, common: Common = COMMON) -> None:
    """Make two contacts one; it can't be undone.

    Parameters
    ----------
    contact
        Who stays, by id, address or userId: their userId and address are kept.
    other
        Who becomes part of them.

    """
    from skywrite.contacts import ids  # noqa: PLC0415 - `--help` must not wait for SQLAlchemy
    from skywrite.contacts.merging import merge as merge_two  # noqa: PLC0415

    with common.store() as store:
        kept = ids.public(merge_two(store, contact, other))
    common.done({"id": kept}, f"They are {kept} now.")


def erase(contact: str, /, *, common: Common = COMMON) -> None:
    """Forget a contact for good: who they are, what they did, and that their addresses are not written to again.

    Parameters
    ----------
    contact
        Their id, address or userId.

    """
    from skywrite.contacts.erasing import erase as forget  # noqa: PLC0415

    with common.store() as store:
        gone = forget(store, contact)
    addresses = len(gone.hashes)
    common.done(
        {"id": gone.contact_id, "addresses": addresses},
        f"{gone.contact_id} is erased; {addresses} {'address is' if addresses == 1 else 'addresses are'} suppressed.",
    )
