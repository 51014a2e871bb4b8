"""Who may go next: many users at once, each user's events strictly one after the other. It sends nothing itself."""

from collections import deque
from collections.abc import Callable

from skywrite.pipeline.route import Job


class Lanes:
    """Jobs wait here in order of their arrival, a lane a user; a user whose job was taken is busy until released."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Job]] = {}
        self._ready: deque[str] = deque()
        self._busy: set[str] = set()
        self.waiting = 0
        self.bytes = 0  # of the JSON of what waits

    def __contains__(self, user: str) -> bool:
        """Whether a job of this user waits or is on its way."""
        return user in self._lanes

    def add(self, job: Job) -> None:
        """Let a job wait for its turn."""
        self.waiting += 1
        self.bytes += job.size
        lane = self._lanes.get(job.user)
        if lane is not None:
            if not lane and job.user not in self._busy:
                self._ready.append(job.user)
            lane.append(job)
            return
        self._lanes[job.user] = deque((job,))
        self._ready.append(job.user)

    def take(self, limit: int, max_bytes: int) -> list[Job]:
        """Up to `limit` jobs that may go now, in the order of the log; their users are busy from here.

        One, however large, or as many as have no more than `max_bytes` together.
        """
        taken: list[Job] = []
        room = max_bytes
        while self._ready and len(taken) < limit:
            user = self._ready[0]
            lane = self._lanes.get(user)
            if lane and user not in self._busy:
                if taken and lane[0].size > room:
                    break
                self._busy.add(user)
                while lane and len(taken) < limit and (not taken or lane[0].size <= room):
                    room -= lane[0].size
                    taken.append(lane.popleft())
            self._ready.popleft()
        self.waiting -= len(taken)
        self.bytes -= max_bytes - room
        if len(taken) > 1:
            taken.sort(key=lambda job: job.key)
        return taken

    def release(self, user: str) -> None:
        """The user's job is done with: the next may go."""
        if user not in self._busy:
            return
        self._busy.discard(user)
        if self._lanes.get(user):
            self._ready.append(user)
        else:
            self._lanes.pop(user, None)

    def drop(self, user: str) -> list[Job]:
        """Take away the jobs of a user that still wait, in order."""
        lane = self._lanes.get(user)
        if lane is None:
            return []
        dropped = list(lane)
        lane.clear()
        self._leave(dropped)
        if user not in self._busy:
            del self._lanes[user]
        return dropped

    def drop_where(self, unwanted: Callable[[Job], bool]) -> list[Job]:
        """Take away every waiting job that is `unwanted`."""
        dropped = [job for lane in self._lanes.values() for job in lane if unwanted(job)]
        for user in {job.user for job in dropped}:
            lane = self._lanes[user]
            kept = deque(job for job in lane if not unwanted(job))
            self._lanes[user] = kept
            if not kept and user not in self._busy:
                del self._lanes[user]
        self._leave(dropped)
        return dropped

    def _leave(self, jobs: list[Job]) -> None:
        self.waiting -= len(jobs)
        self.bytes -= sum(job.size for job in jobs)

    @property
    def users(self) -> list[str]:
        """The users of whom a job waits or is on its way."""
        return list(self._lanes)
