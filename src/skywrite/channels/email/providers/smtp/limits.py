"""How much a server is given at once, as data: what large providers want is known; others get the defaults."""

import msgspec
from msgspec import Struct


class Limits(Struct, frozen=True):
    """For one group of servers, such as all of Google's."""

    connections: int = 10
    mails_a_connection: int = 100
    mails_a_second: float = 100.0  # 0: as many as it takes
    pause_seconds: float = 60.0  # the first pause; each in a row is twice as long
    longest_pause: float = 3_600.0
    needs_tls: bool = False


class Patience(Struct, frozen=True):
    """How long a server may take, in seconds (RFC 5321 section 4.5.3.2)."""

    connect: float = 30.0
    greeting: float = 300.0
    command: float = 300.0
    data: float = 120.0
    block: float = 180.0  # while the content goes out: without any of it being taken
    dot: float = 600.0
    idle: float = 60.0  # before a connection without work is ended
    farewell: float = 20.0  # when we are told to stop: for what is on its way

    def at_most(self, seconds: float) -> "Patience":
        """The same where nobody is waited for longer than so many seconds."""
        return Patience(**{name: min(value, seconds) for name, value in msgspec.structs.asdict(self).items()})

    @property
    def tick(self) -> float:
        """How often a deadline is looked at."""
        return min(1.0, min(self.connect, self.greeting, self.command, self.data, self.block, self.dot, self.idle) / 4)


# The end of the first mail server's name -> what KumoMTA ships for it (reference: email events, section 13).
BY_SERVER: dict[str, Limits] = {
    "google.com": Limits(connections=5, mails_a_connection=50, needs_tls=True, longest_pause=5_400),
    "googlemail.com": Limits(connections=5, mails_a_connection=50, needs_tls=True, longest_pause=5_400),
    "yahoodns.net": Limits(mails_a_connection=20, pause_seconds=300, longest_pause=7_200),
    "outlook.com": Limits(connections=5, mails_a_connection=50, longest_pause=5_400),
    "hotmail.com": Limits(connections=5, mails_a_connection=50, longest_pause=5_400),
    "icloud.com": Limits(connections=5, mails_a_connection=50),
    "comcast.net": Limits(connections=5, mails_a_connection=50),
    "gmx.net": Limits(connections=5),
    "web.de": Limits(connections=5),
    "t-online.de": Limits(connections=5),
    "orange.fr": Limits(connections=2, mails_a_connection=50),
    "free.fr": Limits(connections=2, mails_a_connection=50),
    "mail.ru": Limits(connections=5),
}


def limits_of(server: str, others: Limits) -> Limits:
    """What a server of this name is given; `others` for whom no row names."""
    labels = server.split(".")
    ends = (".".join(labels[at:]) for at in range(len(labels)))
    return next((BY_SERVER[end] for end in ends if end in BY_SERVER), others)
