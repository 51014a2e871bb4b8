"""Segment's SDK for Go."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

_INSTALL = """
go get github.com/segmentio/analytics-go/v3
"""

_USE = """
package main

import (
	"log"

	"github.com/segmentio/analytics-go/v3"
)

func main() {
	client, err := analytics.NewWithConfig("<<WRITE_KEY>>", analytics.Config{Endpoint: "<<BASE>>"})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close() // sends what is still waiting

	client.Enqueue(analytics.Identify{
		UserId: "user-1",
		Traits: analytics.NewTraits().SetEmail("ada@example.com").Set("plan", "pro"),
	})
	client.Enqueue(analytics.Track{
		UserId:     "user-1",
		Event:      "Order Completed",
		Properties: analytics.NewProperties().SetRevenue(39.95).Set("order_id", "A-100"),
	})
}
"""


class Go(SourceKind, slug="go", name="Go", categories=("Server",)):
    """Send events from Go, with Segment's SDK.

    Use `analytics-go` as it is and give it this server as its `Endpoint`.
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """Install, then use."""
        return [Snippet("Install", "shell", filled(_INSTALL, place)), Snippet("Use", "go", filled(_USE, place))]
