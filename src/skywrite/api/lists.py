"""Static lists, and who is on them."""

from litestar import Router
from litestar.params import FromPath, JSONBody

from skywrite.api import contact_schemas as schemas
from skywrite.api.parts import Parts
from skywrite.api.routes import Given, act, change, create, read, remove
from skywrite.api.searching import chosen_search
from skywrite.api.signing import signed_in
from skywrite.contacts import ids
from skywrite.contacts.finding import found
from skywrite.contacts.lists import ContactList, Lists
from skywrite.kit.ids import number_of
from skywrite.kit.time import to_datetime


@read("/lists", summary="Every list")
def list_lists(parts: Given) -> list[schemas.ContactList]:
    """By name."""
    return [_shown(each) for each in Lists(parts.store).all()]


@create("/lists", summary="Make a list")
def add_list(parts: Given, data: JSONBody[schemas.NewList]) -> schemas.ContactList:
    """Refused where its name is taken."""
    return _shown(Lists(parts.store).add(data.name))


@read("/lists/{list_ref:str}", summary="One list")
def show_list(parts: Given, list_ref: FromPath[str]) -> schemas.ContactList:
    """Who is on it: `GET /contacts?list=list_3`."""
    return _shown(Lists(parts.store).get(number_of("list", list_ref)))


@change("/lists/{list_ref:str}", summary="Rename a list")
def rename_list(parts: Given, list_ref: FromPath[str], data: JSONBody[schemas.NewList]) -> schemas.ContactList:
    """Refused where the name is taken."""
    return _shown(Lists(parts.store).rename(number_of("list", list_ref), data.name))


@remove("/lists/{list_ref:str}", summary="Remove a list")
def remove_list(parts: Given, list_ref: FromPath[str]) -> None:
    """Its contacts stay. Refused where a segment or a broadcast needs it."""
    Lists(parts.store).remove(number_of("list", list_ref))


@act("/lists/{list_ref:str}/contacts", summary="Put contacts on a list")
def put_on_list(parts: Given, list_ref: FromPath[str], data: JSONBody[schemas.ChosenContacts]) -> schemas.Done:
    """Those of these ids, and all that the search finds; says how many were not on it before."""
    lists, list_id, search = Lists(parts.store), number_of("list", list_ref), chosen_search(data)
    done = lists.put_on(list_id, _numbers(parts, data.ids))
    if search is not None:
        done += lists.put_on_found(list_id, search)
    return schemas.Done(done)


@act("/lists/{list_ref:str}/contacts/remove", summary="Take contacts off a list")
def take_off_list(parts: Given, list_ref: FromPath[str], data: JSONBody[schemas.ChosenContacts]) -> schemas.Done:
    """Those of these ids, and all that the search finds; says how many were on it."""
    lists, list_id, search = Lists(parts.store), number_of("list", list_ref), chosen_search(data)
    done = lists.take_off(list_id, _numbers(parts, data.ids))
    if search is not None:
        done += lists.take_off_found(list_id, search)
    return schemas.Done(done)


def _numbers(parts: Parts, refs: list[str]) -> list[int]:
    plain = [ids.number(ref) for ref in refs]
    if all(plain):
        return [each for each in plain if each is not None]
    with parts.store.read() as connection:
        return [found(connection, ref) for ref in refs]


def _shown(each: ContactList) -> schemas.ContactList:
    return schemas.ContactList(ids.public_list(each.id), each.name, each.members, to_datetime(each.created_at))


routes = Router(
    "/api/v1",
    route_handlers=[list_lists, add_list, show_list, rename_list, remove_list, put_on_list, take_off_list],
    guards=[signed_in],
    tags=["contacts"],
)
