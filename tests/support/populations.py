"""Random people and random definitions that are likely to be about them, for Hypothesis."""

from typing import Any

from hypothesis import strategies as st

from skywrite.contacts.segments import model
from skywrite.contacts.segments.model import Count, Op
from tests.support.people import DAY, NOW, TIMES, Did, Mail, Person

WORDS = ["pro", "free", "pr", "o", "Zürich", "10", "true", "p%o", "a_c", "İ"]
NAMES = ["plan", "score", "tags", "born", "address.city"]
DATES = ["2026-11-23", "2026-11-20T10:00:00Z", "1999-11-25", "2000-02-29", "2026-12-01", "1980-02-28", "2027-01-02"]
EVENTS = ["Order Completed", "Viewed"]

numbers = st.one_of(st.integers(-3, 12), st.sampled_from([0.5, 2.5, 1e9, 2**53]))
scalars = st.one_of(st.sampled_from(WORDS), numbers, st.booleans(), st.sampled_from(DATES), st.none())
values = st.one_of(st.sampled_from(WORDS), numbers, st.booleans(), st.sampled_from(DATES))
moments = st.one_of(st.integers(0, 40).map(lambda days: NOW - days * DAY), st.integers(NOW - 5 * DAY, NOW + 2 * DAY))
properties = st.dictionaries(st.sampled_from(["plan", "score", "ok"]), scalars, max_size=3)
dids = st.builds(
    Did, name=st.sampled_from(EVENTS), at=moments, properties=properties, kind=st.sampled_from(["track", "page"])
)
mails = st.builds(
    Mail,
    template=st.integers(1, 2),
    broadcast=st.sampled_from([None, 1]),
    times=st.dictionaries(st.sampled_from(TIMES), moments, max_size=4),
    link=st.sampled_from(["link1", "link2"]),
    clicked_by_machine=st.booleans(),
)
traits = st.fixed_dictionaries(
    {},
    optional={
        "plan": scalars,
        "score": scalars,
        "tags": st.lists(scalars, max_size=3),
        "born": st.sampled_from(DATES),
        "address": st.fixed_dictionaries({"city": scalars}),
    },
)
people = st.builds(
    Person,
    traits=traits,
    did=st.lists(dids, max_size=4),
    mails=st.lists(mails, max_size=2),
    lists=st.sets(st.integers(1, 2)),
    segments=st.sets(st.integers(1, 2)),
    email=st.none(),
    user_id=st.sampled_from([None, "u"]),
    suppressed=st.sets(st.tuples(st.sampled_from(["all", "1"]), st.sampled_from(["unsubscribed", "hard_bounce"]))),
    created=moments,
    seen=moments,
)


@st.composite
def populations(draw: st.DrawFn) -> dict[int, Person]:
    """A few people by their ids, half of them with an address of their own."""
    made = dict(enumerate(draw(st.lists(people, min_size=1, max_size=4)), 1))
    for identifier, person in made.items():
        domain = draw(st.sampled_from([None, "example.com", "mail.example.com"]))
        person.email = domain and f"p{identifier}@{domain}"
    return made


def whens() -> st.SearchStrategy[model.When]:
    """Windows of time."""
    units = st.sampled_from(["minutes", "hours", "days"])
    return st.one_of(
        st.just(model.Ever()),
        st.builds(model.Last, n=st.integers(1, 30), unit=units),
        st.builds(model.Older, n=st.integers(1, 30), unit=units),
        st.builds(model.Between, start=st.sampled_from(["2026-11-01", "2026-11-20"]), end=st.just("2026-11-23")),
        st.builds(model.Between, start=st.none(), end=st.just("2026-11-20T12:00:00Z")),
    )


counts = st.one_of(
    st.builds(Count, op=st.just("at_least"), n=st.integers(1, 3)),
    st.builds(Count, op=st.sampled_from(["at_most", "exactly"]), n=st.integers(0, 3)),
)


@st.composite
def comparisons(draw: st.DrawFn, kind: type, ops: list[Op], names: list[str]) -> Any:
    """A trait's or a property's comparison, with what it needs."""
    op = draw(st.sampled_from(ops))
    given: dict[str, Any] = {"name": draw(st.sampled_from(names)), "op": op}
    if op in (Op.IS, Op.IS_NOT):
        given["value"] = draw(values)
    elif op in (Op.CONTAINS, Op.CONTAINS_NOT, Op.BEGINS, Op.ENDS):
        given["value"] = draw(st.sampled_from(WORDS))
    elif op in (Op.ONE_OF, Op.NONE_OF):
        given["values"] = draw(st.lists(values, min_size=1, max_size=3))
    elif op in (Op.GREATER, Op.LESS):
        given["value"] = draw(numbers)
    elif op == Op.BETWEEN:
        low, high = sorted([draw(numbers), draw(numbers)])
        given |= {"value": low, "high": high}
    elif op in (Op.BEFORE, Op.AFTER):
        given["value"] = draw(st.sampled_from(DATES))
    elif op in (Op.IN_LAST, Op.IN_NEXT, Op.ANNIVERSARY):
        given["days"] = draw(st.integers(1, 10))
    return kind(**given)


OF_PROPERTIES = [op for op in Op if op not in (Op.BEFORE, Op.AFTER, Op.IN_LAST, Op.IN_NEXT, Op.ANNIVERSARY)]


@st.composite
def events(draw: st.DrawFn) -> model.Event:
    """What somebody did."""
    which = draw(st.sampled_from(["any", "any", "first", "last"]))
    return model.Event(
        name=draw(st.sampled_from(EVENTS)),
        kind=draw(st.sampled_from(["track", "page"])),
        count=draw(counts) if which == "any" else Count(),
        when=draw(whens()),
        where=draw(st.lists(comparisons(model.Property, OF_PROPERTIES, ["plan", "score", "ok"]), max_size=1)),
        which=which,  # type: ignore[arg-type]
    )


@st.composite
def email_conditions(draw: st.DrawFn) -> model.EmailCondition:
    """What became of mail."""
    activity = draw(st.sampled_from(TIMES))
    about = draw(st.sampled_from([{}, {"template_id": 1}, {"broadcast_id": 1}]))
    link = draw(st.sampled_from([None, "link1"])) if activity == "clicked" else None
    return model.EmailCondition(activity, **about, link_id=link, count=draw(counts), when=draw(whens()))  # type: ignore[arg-type]


conditions = st.one_of(
    comparisons(model.Trait, list(Op), NAMES),
    events(),
    email_conditions(),
    st.builds(model.OnList, list_id=st.integers(1, 2), op=st.sampled_from(["on", "off"])),
    st.builds(model.InSegment, segment_id=st.integers(1, 2), op=st.sampled_from(["in", "out"])),
    st.builds(
        model.Subscription,
        state=st.sampled_from(["subscribed", "unsubscribed", "unsubscribed_topic", "suppressed"]),
        topic_id=st.just(1),
    ),
    st.builds(model.Moment, what=st.sampled_from(["created", "seen"]), when=whens()),
    st.builds(model.Identity, what=st.sampled_from(["user_id", "email"]), op=st.sampled_from(["exists", "missing"])),
    st.builds(model.Domain, domains=st.just(["example.com"]), op=st.sampled_from(["one_of", "none_of"])),
)
matches = st.sampled_from(["all", "any", "none"])
inner = st.builds(model.Group, match=matches, of=st.lists(conditions, min_size=1, max_size=2))
definitions = st.builds(model.Group, match=matches, of=st.lists(st.one_of(conditions, inner), min_size=1, max_size=3))
