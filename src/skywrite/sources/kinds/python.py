"""Segment's SDK for Python."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

_INSTALL = """
pip install segment-analytics-python
"""

_USE = """
import segment.analytics as analytics

analytics.write_key = "<<WRITE_KEY>>"
analytics.host = "<<BASE>>"

analytics.identify("user-1", {"email": "ada@example.com", "plan": "pro"})
analytics.track("user-1", "Order Completed", {"order_id": "A-100", "revenue": 39.95})
analytics.shutdown()  # at the end of the program: sends what is still waiting
"""


class Python(SourceKind, slug="python", name="Python", categories=("Server",)):
    """Send events from Python, with Segment's SDK.

    Use `segment-analytics-python` as it is and point `analytics.host` here. Calls return at once; a thread sends
    them in batches, and tries again when it cannot reach the server.
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """Install, then use."""
        return [Snippet("Install", "shell", filled(_INSTALL, place)), Snippet("Use", "python", filled(_USE, place))]
