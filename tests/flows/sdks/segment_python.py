"""Every call of segment-analytics-python, as its documentation shows them; only the host is ours."""

import datetime as dt
import sys

from segment import analytics

host, write_key = sys.argv[1:]
analytics.write_key = write_key
analytics.host = host
analytics.on_error = lambda error, items: sys.exit(f"{error}: {items}")

timestamp = dt.datetime(2026, 11, 20, 8, 30, 0, 123_000, tzinfo=dt.UTC)
analytics.identify("ada", {"email": "ada@example.com", "plan": "pro", "logins": 3})
analytics.track("ada", "Order Completed", {"orderId": "A-100", "revenue": 39.95}, timestamp=timestamp)
analytics.page("ada", "Docs", "Quick Start", {"url": "https://example.com/docs"})
analytics.screen("ada", None, "Home", {"tab": "feed"})
analytics.group("ada", "acme", {"name": "Acme", "employees": 12})
analytics.alias("anon-1", "ada")
analytics.shutdown()
