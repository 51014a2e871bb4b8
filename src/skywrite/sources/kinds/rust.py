"""The Segment client for Rust."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

_INSTALL = """
cargo add segment reqwest serde_json
cargo add tokio --features macros,rt-multi-thread
"""

_USE = """
use segment::message::{Message, Track, User};
use segment::{Client, HttpClient};
use serde_json::json;

#[tokio::main]
async fn main() {
    let client = HttpClient::new(reqwest::Client::new(), "<<BASE>>".to_string());

    client
        .send(
            "<<WRITE_KEY>>".to_string(),
            Message::from(Track {
                user: User::UserId { user_id: "user-1".to_string() },
                event: "Order Completed".to_string(),
                properties: json!({ "order_id": "A-100", "revenue": 39.95 }),
                ..Default::default()
            }),
        )
        .await
        .expect("the event was not taken");
}
"""


class Rust(SourceKind, slug="rust", name="Rust", categories=("Server",)):
    """Send events from Rust, with the `segment` crate.

    Use the crate as it is and build its `HttpClient` with this server's address.
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """Install, then use."""
        return [Snippet("Install", "shell", filled(_INSTALL, place)), Snippet("Use", "rust", filled(_USE, place))]
