"""A search for contacts as a request says it: the parameters of an address, or JSON."""

from typing import Annotated, Literal

import msgspec
from litestar.params import QueryParameter

from skywrite.api.contact_schemas import ChosenContacts, ContactSearch, TraitCondition
from skywrite.contacts.search import Search, TraitRule
from skywrite.kit.errors import Refused
from skywrite.kit.ids import number_of

Text = Annotated[str, QueryParameter(description="Whose address, userId or name begins so; or a contact's id.")]
TraitTexts = Annotated[
    list[str] | None,
    QueryParameter(
        description='What is asked of a trait, as JSON: `["plan", "is", "pro"]`; may be given several times.'
    ),
]
ListRef = Annotated[str, QueryParameter(name="list", description="Only who is on this list: `list_3`.")]
SegmentRef = Annotated[str, QueryParameter(description="Only who is in this segment: `segment_3`.")]
SubscriptionText = Annotated[
    str, QueryParameter(description="subscribed, unsubscribed, bounced, complained, or none: without an address.")
]
SortName = Annotated[Literal["newest", "seen"], QueryParameter(description="Newest first, or who was seen last first.")]


def asked(
    q: Text = "",
    trait: TraitTexts = None,
    list_ref: ListRef = "",
    segment: SegmentRef = "",
    subscription: SubscriptionText = "",
    sort: SortName = "newest",
) -> Search:
    """The search that an address asks for. Raises Refused naming the parameter that is wrong."""
    traits = [_trait(text) for text in trait or []]
    return search_of(ContactSearch(q, traits, list_ref, segment, subscription, sort))


def search_of(given: ContactSearch) -> Search:
    """The search that JSON asks for. Raises Refused naming the field that is wrong."""
    return Search(
        text=given.q,
        traits=tuple(TraitRule(rule.name, rule.op, rule.value) for rule in given.traits),
        list_id=number_of("list", given.list) if given.list else None,
        segment_id=number_of("segment", given.segment) if given.segment else None,
        subscription=given.subscription,
        sort=given.sort,
    )


def chosen_search(given: ChosenContacts) -> Search | None:
    """The search for the contacts that were chosen; None where they are chosen by their ids alone.

    Everybody is chosen by that word alone. Raises Refused for a search that asks for nothing.
    """
    if given.everybody:
        if given.ids or given.search is not None:
            raise Refused("It is everybody, or those of `ids` and `search`, not both.", where="everybody")
        return Search()
    if given.search is None:
        return None
    search = search_of(given.search)
    if search.finds_everybody:
        raise Refused(
            'This search finds every contact. If that is meant, say `"everybody": true` instead.', where="search"
        )
    return search


def _trait(text: str) -> TraitCondition:
    try:
        words = msgspec.json.decode(text, type=list[str])
        return msgspec.convert(dict(zip(("name", "op", "value"), words, strict=False)), TraitCondition)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Refused('A trait is asked for as ["plan", "is", "pro"].', where="trait") from error
