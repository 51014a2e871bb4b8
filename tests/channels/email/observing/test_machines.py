"""Who fetches: each sign by itself, and clicks beside each other."""

import pytest

from skywrite.channels.email.observing.machines import (
    HONEYPOT,
    Bursts,
    Circumstances,
    Click,
    Verdict,
    among_others,
    judged,
    network,
    source,
)
from tests.support.observing import A_PERSON, LATER, SECOND, SENT_AT

GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"

BY_ITSELF = {
    "a person": (A_PERSON, "", LATER, Verdict(False)),
    "Apple's privacy protection": ("Mozilla/5.0", "", LATER, Verdict(True, "apple", "agent: apple")),
    "Gmail's proxy, by a person's act": (GMAIL, "", LATER, Verdict(False, "gmail")),
    "Gmail's proxy at delivery": (GMAIL, "", SENT_AT + 3 * SECOND, Verdict(True, "gmail", "too soon")),
    "Yahoo's proxy": (YAHOO, "", LATER, Verdict(False, "yahoo")),
    "a tool": ("python-requests/2.32", "", LATER, Verdict(True, "tool", "agent: tool")),
    "no agent": ("", "", LATER, Verdict(True, "tool", "agent: tool")),
    "a chat's preview": ("Slackbot-LinkExpanding 1.0", "", LATER, Verdict(True, "preview", "agent: preview")),
    "a gateway": ("Barracuda Sentinel (EE)", "", LATER, Verdict(True, "gateway", "agent: gateway")),
    "a crawler": ("Mozilla/5.0 (compatible; AhrefsBot/7.0)", "", LATER, Verdict(True, "crawler", "agent: crawler")),
    "a prefetch": (A_PERSON, "prefetch;prerender", LATER, Verdict(True, None, "prefetch")),
    "a preview": (A_PERSON, "preview", LATER, Verdict(True, None, "prefetch")),
    "9 s after delivery": (A_PERSON, "", SENT_AT + 9 * SECOND, Verdict(True, None, "too soon")),
    "11 s after delivery": (A_PERSON, "", SENT_AT + 11 * SECOND, Verdict(False)),
    "a hostile agent": ("(" * 10_000, "", LATER, Verdict(False)),
}


@pytest.mark.parametrize(("agent", "prefetch", "at", "expected"), BY_ITSELF.values(), ids=BY_ITSELF)
def test_one_fetch_by_its_own_signs(agent, prefetch, at, expected):
    assert judged(Circumstances(at, agent, prefetch, SENT_AT)) == expected


def test_a_burst_is_a_machine_s_but_not_a_mail_provider_s_proxy():
    burst = Circumstances(LATER, A_PERSON, "", SENT_AT, is_burst=True)
    assert judged(burst) == Verdict(True, None, "burst")
    assert judged(Circumstances(LATER, GMAIL, "", SENT_AT, is_burst=True)) == Verdict(False, "gmail")


def test_proxied_opens_are_no_people_s_where_that_is_set():
    seen = Circumstances(LATER, GMAIL, "", SENT_AT)
    assert judged(seen, gmail_is_person=False) == Verdict(True, "gmail", "proxy")


def click(link, seconds, where="home"):
    return Click(LATER + int(seconds * SECOND), link, where)


BESIDE_OTHERS = {
    "alone": ([], 3, ""),
    "another link much later": ([click("b", 60)], 2, ""),
    "every link within seconds": ([click("b", 1), click("c", 2)], 3, "every link"),
    "every link, the others first": ([click("b", -2), click("c", -4)], 3, "every link"),
    "two of three": ([click("b", 1)], 3, ""),
    "both of two": ([click("b", 2, "elsewhere")], 2, "every link"),
    "the only link twice": ([click("a", 3)], 1, ""),
    "four of many": ([click("b", 1), click("c", 2), click("d", 3)], 40, "every link"),
    "four of nobody knows how many": ([click("b", 1), click("c", 2), click("d", 3)], 0, "every link"),
    "four, slowly": ([click("b", 3), click("c", 6), click("d", 9)], 40, ""),
    "the honeypot afterwards": ([click(HONEYPOT, 40)], 40, "honeypot"),
    "the honeypot before": ([click(HONEYPOT, -40)], 40, "honeypot"),
    "another source in the honeypot": ([click(HONEYPOT, 1, "elsewhere")], 40, ""),
    "the honeypot long ago": ([click(HONEYPOT, -70)], 40, ""),
}


@pytest.mark.parametrize(("others", "links", "sign"), BESIDE_OTHERS.values(), ids=BESIDE_OTHERS)
def test_a_click_beside_others(others, links, sign):
    assert among_others(click("a", 0), others, links) == sign


def test_a_source_that_fetches_for_many_recipients_at_once_is_a_burst():
    bursts = Bursts(recipients=3, seconds=10)
    assert [bursts.note("scanner", message, LATER) for message in (1, 2, 2, 3, 4)] == [False, False, False, True, True]
    assert not bursts.note("home", 1, LATER)
    assert bursts.is_burst("scanner", LATER + 5 * SECOND)
    assert not bursts.is_burst("scanner", LATER + 60 * SECOND)


def test_many_recipients_over_a_long_time_are_no_burst():
    bursts = Bursts(recipients=3, seconds=10)
    assert not any(bursts.note("office", message, LATER + message * 60 * SECOND) for message in range(20))


def test_two_addresses_of_a_network_are_one_source():
    assert source("203.0.113.7", "a") == source("203.0.113.200", "a") != source("203.0.114.7", "a")
    assert source("2001:db8:1:2::1", "a") == source("2001:db8:1:9::9", "a")
    assert [network(ip) for ip in ("::ffff:203.0.113.7", "no address")] == ["203.0.113.0/24", ""]
