"""Segment's SDK for Ruby."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

_INSTALL = """
gem install analytics-ruby
"""

# This SDK takes the host without a scheme, and its port and TLS apart.
_USE = """
require 'segment/analytics'

analytics = Segment::Analytics.new(
  write_key: '<<WRITE_KEY>>',
  host: '<<HOST>>',
  port: <<PORT>>,
  ssl: <<SSL>><<PATH>>
)

analytics.identify(user_id: 'user-1', traits: { email: 'ada@example.com', plan: 'pro' })
analytics.track(user_id: 'user-1', event: 'Order Completed', properties: { order_id: 'A-100', revenue: 39.95 })
analytics.flush
"""


class Ruby(SourceKind, slug="ruby", name="Ruby", categories=("Server",)):
    """Send events from Ruby, with Segment's SDK.

    Use `analytics-ruby` as it is and tell it this server's `host`, `port` and `ssl`.
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """Install, then use."""
        path = f",\n  path: '{place.path}/v1/import'" if place.path else ""
        return [
            Snippet("Install", "shell", filled(_INSTALL, place)),
            Snippet("Use", "ruby", filled(_USE.replace("<<PATH>>", path), place)),
        ]
