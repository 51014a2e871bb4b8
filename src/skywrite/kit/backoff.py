"""How long to wait before the next try: exponential, capped, with full jitter so that retries do not march in step."""

import random


def full_jitter(attempts: int, *, base: float, cap: float, chance: float | None = None) -> float:
    """Seconds to wait after `attempts` failed tries: even between a tenth of the ceiling and the ceiling.

    The ceiling is `base` after the first try and doubles with each, up to `cap`. `chance` (0 to 1) is for tests.
    """
    ceiling = min(cap, base * 2.0 ** min(attempts - 1, 60))
    share = random.random() if chance is None else chance  # noqa: S311 - spreads load, hides nothing
    return ceiling * (0.1 + 0.9 * share)
