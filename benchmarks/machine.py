"""What processes cost (memory, CPU), and the machine's own yardsticks: nginx, the disk."""

import contextlib
import os
import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Self

from msgspec import Struct

from benchmarks.whole import free_port

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_SAMPLE_SECONDS = 0.5


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            children.setdefault(int(_stat(int(path.name))[1]), []).append(int(path.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """CPU that processes have used."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = _stat(pid)
            total += int(fields[11]) + int(fields[12])
    return total / _TICK


def busy_seconds() -> float:
    """CPU that all processes of the machine have used since it started."""
    user, nice, system, _, _, irq, softirq, *_ = Path("/proc/stat").read_text().split(maxsplit=8)[1:9]
    return sum(map(int, (user, nice, system, irq, softirq))) / _TICK


def own_seconds() -> float:
    """CPU that this process has used, and all its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


class Sample(Struct):
    """Memory of a family at one moment, in MiB: RSS counts shared pages once a process, PSS once in all."""

    at: float
    rss: float
    pss: float


class Memory:
    """Watches a family's memory while the block lasts. `pid` may change: a function gives it."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self.samples: list[Sample] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def peak(self) -> Sample:
        """The sample of the most PSS."""
        return max(self.samples, key=lambda sample: sample.pss)

    @property
    def growth(self) -> float:
        """The last third's median over the middle third's: 1.0 is flat."""
        third = len(self.samples) // 3
        if not third:
            return 1.0
        values = [sample.pss for sample in self.samples]
        return median(values[2 * third :]) / median(values[third : 2 * third])

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            rss = pss = 0.0
            for pid in [one for root in self._pids for one in family(root)]:
                with contextlib.suppress(OSError, StopIteration):
                    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                    pss += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
                    rss += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 2**20
            self.samples.append(Sample(time.monotonic(), rss, pss))


_NGINX = """
worker_processes auto; daemon off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  client_max_body_size 1m; client_body_buffer_size 1m;
  server {{
    listen 127.0.0.1:{port};
    location / {{ default_type application/json; return 200 '{{"success":true}}'; }}
  }}
}}
"""


@contextlib.contextmanager
def nginx() -> Iterator[str]:
    """A yardstick: nginx with a worker for each core that answers a fixed 200 to all; its address."""
    folder, port = Path(tempfile.mkdtemp(prefix="skywrite-bench-")), free_port()
    (folder / "conf").write_text(_NGINX.format(folder=folder, port=port))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
    try:
        time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def syncs_per_second(folder: Path, size: int = 32_768, count: int = 1000) -> float:
    """How often this disk takes `size` bytes durably, one after the other."""
    path, data = folder / "syncs", os.urandom(size)
    file = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        os.pwrite(file, bytes(64 * size), 0)
        os.fsync(file)
        began = time.perf_counter()
        for number in range(count):
            os.pwrite(file, data, number % 64 * size)
            os.fdatasync(file)
        return count / (time.perf_counter() - began)
    finally:
        os.close(file)
        path.unlink()
