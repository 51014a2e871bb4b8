"""Segment's SDK for PHP, and PHP without it where this server has no certificate."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

_INSTALL = """
composer require segmentio/analytics-php
"""

_USE = """
<?php
require __DIR__ . '/vendor/autoload.php';

use Segment\\Segment;

Segment::init('<<WRITE_KEY>>', ['host' => '<<AUTHORITY>>']);

Segment::identify(['userId' => 'user-1', 'traits' => ['email' => 'ada@example.com', 'plan' => 'pro']]);
Segment::track([
    'userId' => 'user-1',
    'event' => 'Order Completed',
    'properties' => ['order_id' => 'A-100', 'revenue' => 39.95],
]);
Segment::flush();
"""

_PLAIN = """
<?php
$event = ['userId' => 'user-1', 'event' => 'Order Completed', 'properties' => ['revenue' => 39.95]];

echo file_get_contents('<<BASE>>/v1/track', false, stream_context_create(['http' => [
    'method' => 'POST',
    'header' => [
        'Content-Type: application/json',
        'Authorization: Basic ' . base64_encode('<<WRITE_KEY>>:'),
    ],
    'content' => json_encode($event),
]]));
"""


class Php(SourceKind, slug="php", name="PHP", categories=("Server",)):
    """Send events from PHP, with Segment's SDK.

    Use `analytics-php` as it is and give it this server as its `host`, without a scheme. The SDK speaks https
    only: where this server is reached by http, PHP's own functions send events just as well.
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """The SDK where it can reach us, plain PHP anywhere."""
        plain = Snippet("Without the SDK", "php", filled(_PLAIN, place))
        if not place.is_secure:
            return [plain]
        return [Snippet("Install", "shell", filled(_INSTALL, place)), Snippet("Use", "php", filled(_USE, place)), plain]
