"""The role that makes contacts of events: those of this server's AutopilotHQ destinations, and the calls of others."""

import contextlib
import gc
import sys
import threading
from typing import Any

from sqlalchemy import select

from skywrite.contacts import erasing
from skywrite.contacts.following import Around, Follower, InboxFollower
from skywrite.destinations.queries import TOPIC as DESTINATIONS
from skywrite.destinations.service import routes
from skywrite.kit.roles import Voice
from skywrite.pipeline.delivery_queries import TOPIC as DELIVERIES
from skywrite.pipeline.feed import Feed
from skywrite.settings import Settings
from skywrite.sources.catalog import sources as kinds
from skywrite.sources.queries import TOPIC as SOURCES
from skywrite.store.engine import Store, changes_version
from skywrite.store.tables import sources
from skywrite.wiring import open_bell, open_feed, open_inbox, open_log

_KIND = "autopilothq"
_GATHER_SECONDS = 0.02  # after a step that found little: what comes right behind is taken together
_LOOK_SECONDS = 1.0
_TURN_SECONDS = 0.001  # of a thread, while another waits: what is read ahead must not hold up what is written


def run_contacts(settings: Settings, store: Store, stop: threading.Event, voice: Voice) -> None:
    """Take what comes, one destination after the other, and what came over HTTP."""
    gc.set_threshold(50_000, 20, 100)  # a batch makes many objects and no cycles: the collector looks in vain
    sys.setswitchinterval(_TURN_SECONDS)
    with contextlib.ExitStack() as opened:
        feed = opened.enter_context(open_feed(settings, "contacts"))
        inbox = opened.enter_context(contextlib.closing(open_inbox(settings)))
        events = opened.enter_context(contextlib.closing(open_log(settings)))
        bell = opened.enter_context(contextlib.closing(open_bell(settings)))
        local, calls = opened.enter_context(contextlib.closing(Local(store, feed))), InboxFollower(store, inbox)
        while not stop.is_set():
            feed.listener.clear()
            local.look()
            found = [follower.step() for follower in local.followers.values()]
            found.append(calls.step())
            while local.is_changed and not stop.is_set() and erasing.tell(store, events):
                bell.ring()
            voice.say("ok")
            if any(found):
                stop.wait(_GATHER_SECONDS)
            else:
                feed.wait(_LOOK_SECONDS)


class Local:
    """The followers of this server's own destinations, as they are set up now."""

    def __init__(self, store: Store, feed: Feed) -> None:
        self._store, self._feed = store, feed
        self._version = -1
        self._news = store.news()
        self.is_changed = False
        self._around = Around()
        self.followers: dict[str, Follower] = {}

    def close(self) -> None:
        """Release the followers' threads."""
        for follower in self.followers.values():
            follower.close()

    def look(self) -> None:
        """See whether destinations, sources, or what is to be sent again changed."""
        self.is_changed = False
        if not self._news.any():
            return
        with self._store.read() as connection:
            version = changes_version(connection, DESTINATIONS, SOURCES, DELIVERIES, erasing.TOPIC)
            self.is_changed = version != self._version
            if not self.is_changed:
                self._news.seen()
                return
            known = connection.execute(select(sources.c.id, sources.c.kind)).all()
        self._around.own_sources = frozenset(own for own, kind in known if kind == _KIND)
        public = {slug for slug, kind in kinds().items() if kind.is_public}
        self._around.public_sources = frozenset(own for own, kind in known if kind in public)
        wanted = {route.id: route for route in routes(self._store) if route.kind == _KIND}
        self._around.followers = [route.follower for route in wanted.values()]
        for name in [name for name in self.followers if name not in wanted]:
            self.followers.pop(name).close()
        for name, route in wanted.items():
            if name not in self.followers or not route.same_as(self.followers[name].route):
                target: Any = route.target
                key = str(target.settings.apiKey) if target is not None else ""
                if name in self.followers:
                    self.followers[name].close()
                self.followers[name] = Follower(self._store, self._feed, route, key, self._around)
        self._version = version
        self._news.seen()
