"""UTM parameters: on the way to where a link leads, and nowhere else."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.utm import Utm, domains_in, led

UTM = Utm("skywrite", "email")
ADDED = "utm_source=skywrite&utm_medium=email&utm_campaign=Autumn%20%26%20sale"
WHERE_IT_LEADS = {
    "https://a.example": f"https://a.example?{ADDED}",
    "https://a.example/b": f"https://a.example/b?{ADDED}",
    "https://a.example/b?": f"https://a.example/b?{ADDED}",
    "https://a.example/b?c=d&c=d&e": f"https://a.example/b?c=d&c=d&e&{ADDED}",
    "https://a.example/b?c=d&": f"https://a.example/b?c=d&{ADDED}",
    "https://a.example/b#there": f"https://a.example/b?{ADDED}#there",
    "https://a.example/b?c=d#/path?x=y": f"https://a.example/b?c=d&{ADDED}#/path?x=y",
    "https://a.example/?utm_medium=banner": "https://a.example/?utm_medium=banner&utm_source=skywrite&utm_campaign=Autumn%20%26%20sale",
    "https://a.example/?UTM_Source=": "https://a.example/?UTM_Source=&utm_medium=email&utm_campaign=Autumn%20%26%20sale",
}
LEFT_ALONE = [
    "https://a.example/?utm_source=a&utm_medium=b&utm_campaign=c",
    "https://bucket.example/x?X-Amz-Date=1&X-Amz-Signature=0a",
    "https://a.example/x?sig=0a",
    "https://a.example/x?signature=0a",
]
NAMES = st.sampled_from(["a", "b", "utm_source", "utm_campaign", "utm_term"])
QUERIES = st.lists(st.tuples(NAMES, st.text("abc%20+", max_size=4)).map("=".join), max_size=4).map("&".join)
ADDRESSES = st.builds(
    "https://a.example/{}?{}#{}".format, st.text("ab/", max_size=3), QUERIES, st.text("ab?&=#", max_size=4)
)


@pytest.mark.parametrize(("address", "goal"), WHERE_IT_LEADS.items(), ids=WHERE_IT_LEADS)
def test_what_is_absent_is_added_before_the_fragment(address: str, goal: str) -> None:
    target = UTM.target(address, UTM.parameters("Autumn & sale"))
    assert led(target) == (address, goal)


@pytest.mark.parametrize("address", LEFT_ALONE)
def test_what_has_them_or_is_signed_is_left_alone(address: str) -> None:
    assert UTM.target(address, UTM.parameters("Autumn")) == address
    assert led(address) == (address, address)


@given(ADDRESSES, st.text(min_size=1))
def test_what_stood_there_still_stands_there_in_its_order(address: str, campaign: str) -> None:
    told, goal = led(UTM.target(address, UTM.parameters(campaign)))
    before, after = urlsplit(address), urlsplit(goal)
    assert told == address
    assert (after.path, after.fragment) == (before.path, before.fragment)
    assert after.query.startswith(before.query)
    campaigns = [value for name, value in parse_qsl(after.query) if name == "utm_campaign"]
    assert ("utm_campaign=" in before.query) or campaigns == [campaign.encode(errors="replace").decode()]


def test_a_campaign_that_is_set_comes_before_the_mails_own_and_what_is_empty_is_left_out() -> None:
    assert Utm("s", "", "always").parameters("own") == (("utm_source", "s"), ("utm_campaign", "always"))
    assert Utm("s", "m").parameters("") == (("utm_source", "s"), ("utm_medium", "m"))
    assert UTM.target("https://a.example", ()) == "https://a.example"


@pytest.mark.parametrize(
    ("host", "is_meant"),
    [("shop.example", True), ("www.shop.example", True), ("myshop.example", False), ("other.example", False)],
)
def test_only_links_to_the_domains_that_are_named_get_them(host: str, is_meant: bool) -> None:
    utm = Utm("s", domains=domains_in("Shop.example,  blog.example"))
    address = f"https://{host}/"
    assert (utm.target(address, utm.parameters("")) != address) is is_meant
