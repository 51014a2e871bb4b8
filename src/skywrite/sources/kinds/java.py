"""Segment's SDK for Java."""

from skywrite.sources.base import Place, Snippet, SourceKind, filled

_INSTALL = """
<dependency>
  <groupId>com.segment.analytics.java</groupId>
  <artifactId>analytics</artifactId>
  <version>3.5.4</version>
</dependency>
"""

_USE = """
import com.segment.analytics.Analytics;
import com.segment.analytics.messages.IdentifyMessage;
import com.segment.analytics.messages.TrackMessage;
import java.util.Map;

public class Main {
  public static void main(String[] arguments) {
    Analytics analytics = Analytics.builder("<<WRITE_KEY>>").endpoint("<<BASE>>").build();

    analytics.enqueue(IdentifyMessage.builder()
        .userId("user-1")
        .traits(Map.of("email", "ada@example.com", "plan", "pro")));
    analytics.enqueue(TrackMessage.builder("Order Completed")
        .userId("user-1")
        .properties(Map.of("order_id", "A-100", "revenue", 39.95)));

    analytics.flush();
    analytics.shutdown();
  }
}
"""


class Java(SourceKind, slug="java", name="Java", categories=("Server",)):
    """Send events from Java, with Segment's SDK.

    Use `analytics-java` as it is and give its builder this server as `endpoint`.
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """Install with Maven, then use."""
        return [Snippet("Install (Maven)", "xml", filled(_INSTALL, place)), Snippet("Use", "java", filled(_USE, place))]
