"""How patient delivery is: every figure in one place, so that tests can shrink them all."""

from msgspec import Struct

HOUR = 3600 * 1_000_000


class Pace(Struct, frozen=True, kw_only=True):
    """Times are in seconds but for `window`."""

    window: int = 4 * HOUR  # µs since its first failure after which an event is a dead letter
    timeout: float = 10.0  # of one request
    retry_base: float = 2.0  # the longest first pause of an event; it doubles with each try
    retry_cap: float = 900.0
    probe_base: float = 1.0  # the same for a destination that is down as a whole
    probe_cap: float = 60.0
    circuit_failures: int = 10  # so many in a row, of at least `circuit_users` users, and it counts as down
    circuit_users: int = 2
    commit: float = 0.25  # between two commits of progress, or after
    commit_events: int = 500  # so many events: what a crash may do again
    straggler: float = 1.0  # a request this slow is stored, so that the cursor need not wait for it
    drain: float = 10.0  # what is on its way may take so long when delivery stops
    settle: float = 0.01  # the least pause between two reads at the head of the log
    max_waiting: int = 4000  # events in memory that wait for their turn, a destination
    max_waiting_bytes: int = 4 << 20  # of their JSON: decoded, they take four to eight times as much
    max_unsaved: int = 4000  # changes in memory that the store has not taken
    max_unsaved_bytes: int = 8 << 20
    request_bytes: int = 1 << 20  # of JSON that one request of several events carries at most
    read_bytes: int = 256 << 10
    look: float = 1.0  # how often each looks for news by itself, should the bell be missed
    dead_kept: int = 100_000  # of a destination, the newest: some 200 MB of the store, more than a person looks through
    samples_kept: int = 200
    samples_a_second: float = 2.0  # of deliveries; five times as many of failures
