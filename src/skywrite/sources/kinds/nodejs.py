"""Segment's SDK for Node.js, and RudderStack's."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

_INSTALL = """
npm install @segment/analytics-node
"""

# The SDK discards the path of `host`; where a proxy serves us below a path, `path` must say all of it.
_USE = """
import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({
  writeKey: '<<WRITE_KEY>>',
  host: '<<BASE>>',<<PATH>>
})

analytics.identify({ userId: 'user-1', traits: { email: 'ada@example.com', plan: 'pro' } })
analytics.track({ userId: 'user-1', event: 'Order Completed', properties: { orderId: 'A-100', revenue: 39.95 } })
await analytics.closeAndFlush() // at the end of the program: sends what is still waiting
"""

_RUDDER = """
import RudderAnalytics from '@rudderstack/rudder-sdk-node'

const analytics = new RudderAnalytics('<<WRITE_KEY>>', { dataPlaneUrl: '<<BASE>>' })

analytics.track({ userId: 'user-1', event: 'Order Completed', properties: { revenue: 39.95 } })
await analytics.flush()
"""


class NodeJs(SourceKind, slug="nodejs", name="Node.js", categories=("Server",)):
    """Send events from Node.js, with Segment's SDK.

    Use `@segment/analytics-node` as it is and give it this server as its `host`. RudderStack's
    `@rudderstack/rudder-sdk-node` works the same way.
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """Install, then use; or RudderStack's SDK."""
        path = f"\n  path: '{place.path}/v1/batch'," if place.path else ""
        return [
            Snippet("Install", "shell", filled(_INSTALL, place)),
            Snippet("Use", "javascript", filled(_USE.replace("<<PATH>>", path), place)),
            Snippet("With RudderStack's SDK", "javascript", filled(_RUDDER, place)),
        ]
