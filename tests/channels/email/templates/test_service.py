import pytest
from sqlalchemy import insert

from skywrite.channels.email.templates.model import Source
from skywrite.channels.email.templates.service import Templates, load_version, published
from skywrite.channels.email.templates.starter import starter
from skywrite.channels.email.templates.topics import Topics
from skywrite.kit.errors import Refused
from skywrite.store.contact_tables import contact_traits, contacts
from skywrite.store.engine import Store
from tests.support.mails import PLACES


@pytest.fixture
def templates(store: Store) -> Templates:
    return Templates(store, lambda: PLACES)


def test_a_version_never_changes(templates: Templates, store: Store) -> None:
    ref = templates.add(starter("Welcome", "html")).public_id
    first = templates.publish(ref)
    assert (first.version, first.is_changed) == (1, False)
    changed = templates.change(ref, {"subject": "Another"})
    assert changed.is_changed
    assert templates.publish(ref).version == 2
    with store.read() as connection:
        assert load_version(connection, first.id, 1).source == first.source
        assert published(connection, ref).source.subject == "Another"
    assert [number for number, _ in templates.versions(ref)] == [2, 1]


def test_what_has_an_error_is_not_published(templates: Templates, store: Store) -> None:
    ref = templates.add(Source(name="x", subject="s", body="<p>\n{{ contact.nope }}")).public_id
    with pytest.raises(Refused) as refused:
        templates.publish(ref)
    assert refused.value.status == 409
    assert templates.get(ref).version is None
    with store.read() as connection, pytest.raises(Refused, match="not published"):
        published(connection, ref)


@pytest.mark.parametrize(("rounds", "is_published"), [(100, True), (100_000, False)])
def test_what_is_too_much_work_is_not_published(templates: Templates, rounds: int, is_published: bool) -> None:
    body = f"<p>{{% for one in (1..{rounds}) %}}x{{% endfor %}} {{{{ data.name }}}}</p>"
    ref = templates.add(Source(name="x", subject="s", body=body, is_transactional=True)).public_id
    if is_published:
        assert templates.publish(ref).version == 1
        return
    with pytest.raises(Refused, match="Loop") as refused:
        templates.publish(ref)
    assert (refused.value.status, refused.value.where, templates.get(ref).version) == (409, "body", None)


def test_a_copy_is_a_draft_of_its_own(templates: Templates) -> None:
    ref = templates.add(starter("Welcome", "mjml")).public_id
    templates.publish(ref)
    copy = templates.duplicate(ref)
    assert (copy.source.name, copy.version) == ("Welcome (copy)", None)
    assert len(templates.all()) == 2


def test_a_removed_template_is_gone_but_its_versions_can_be_sent(templates: Templates, store: Store) -> None:
    made = templates.add(starter("Welcome", "html"))
    templates.publish(made.public_id)
    templates.remove(made.public_id)
    with pytest.raises(Refused, match="no template"):
        templates.get(made.public_id)
    with store.read() as connection:
        assert load_version(connection, made.id, 1).number == 1


@pytest.mark.parametrize(
    ("values", "where"),
    [({"name": " "}, "name"), ({"kind": "fax"}, "kind"), ({"from_address": "x"}, "from_address"),
     ({"reply_to": "a@b.example, c@d.example"}, "reply_to"), ({"topic_id": 99}, "topic_id")],
)  # fmt: skip
def test_what_is_wrong_is_named(templates: Templates, values: dict[str, object], where: str) -> None:
    ref = templates.add(starter("Welcome", "html")).public_id
    with pytest.raises(Refused) as refused:
        templates.change(ref, values)
    assert refused.value.where == where


def test_traits_and_people_are_those_of_the_contacts(templates: Templates, store: Store) -> None:
    with store.write() as connection:
        for email in ("ann@a.example", "anton@a.example", "bob@a.example"):
            row = {
                "email": email,
                "email_key": email,
                "traits": {"n": 1},
                "created_at": 1,
                "updated_at": 1,
                "seen_at": 1,
            }
            made = connection.execute(insert(contacts).values(**row).returning(contacts.c.id)).scalar_one()
            traits = [
                {"contact_id": made, "name": name, "item": 0, "text": "x"} for name in ("plan", "city", email[:3])
            ]
            connection.execute(insert(contact_traits), traits)
    assert templates.traits() == ("ann", "ant", "bob", "city", "plan")
    assert [one.email for one in templates.people("An")] == ["ann@a.example", "anton@a.example"]
    last = templates.person("")
    assert last is not None
    assert last.email == "bob@a.example"
    with pytest.raises(Refused, match="no contact 'person_10000'"):
        templates.person("person_10000")


def test_a_topic_s_name_stands_for_one_topic(store: Store) -> None:
    topics = Topics(store)
    news = topics.add("News", "Monthly")
    with pytest.raises(Refused, match="already"):
        topics.add("News")
    topics.remove(news.id)
    assert topics.all() == []
    assert topics.add("News").id == news.id
    assert topics.change(news.id, name="Product news").name == "Product news"
