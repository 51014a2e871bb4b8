"""The tracking API itself, for what has no SDK."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

_TRACK = """
curl -u '<<WRITE_KEY>>:' <<BASE>>/v1/track \\
  -H 'Content-Type: application/json' \\
  -d '{
    "userId": "user-1",
    "event": "Order Completed",
    "properties": {"order_id": "A-100", "revenue": 39.95}
  }'
"""

_BATCH = """
curl -u '<<WRITE_KEY>>:' <<BASE>>/v1/batch \\
  -H 'Content-Type: application/json' \\
  -d '{
    "batch": [
      {"type": "identify", "userId": "user-1", "traits": {"email": "ada@example.com", "plan": "pro"}},
      {"type": "track", "userId": "user-1", "event": "Order Completed", "properties": {"revenue": 39.95}}
    ]
  }'
"""

_PIXEL = """
<img src="<<BASE>>/v1/pixel/track?data=BASE64_OF_THE_EVENT" width="1" height="1" alt="">
"""


class HttpApi(SourceKind, slug="http-api", name="HTTP API", categories=("Server", "Custom")):
    """Send events from anything that can make an HTTP request.

    Post JSON to `/v1/identify`, `/v1/track`, `/v1/page`, `/v1/screen`, `/v1/group` or `/v1/alias`, one event a
    request, or many at once to `/v1/batch`. The write key is the user name of HTTP Basic authentication.

    An answer of 200 means that every event it names is on disk. Send the same event again with the same
    `messageId` when no answer came: it counts once.
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """One event, many events, and the pixel."""
        return [
            Snippet("Send one event", "shell", filled(_TRACK, place)),
            Snippet("Send many at once", "shell", filled(_BATCH, place)),
            Snippet("From an email or a page without scripts", "html", filled(_PIXEL, place)),
        ]
