"""AutopilotHQ: the stream of the seven email events."""

from skywrite.events.email import EmailEvent
from skywrite.sources.base import Place, Snippet, SourceKind, filled

EVENTS = tuple(kind.value for kind in EmailEvent)

_CONNECT = """
In Autopilot open Settings > App Connections > Segment, and connect with

  Write key  <<WRITE_KEY>>
  Endpoint   <<BASE>>/v1/track
"""

_TRY = """
curl -u '<<WRITE_KEY>>:' <<BASE>>/v1/track \\
  -H 'Content-Type: application/json' \\
  -d '{
    "userId": "user-1",
    "event": "Email Clicked",
    "properties": {
      "event": "Email Clicked",
      "campaign_id": "journey-7",
      "campaign_name": "Welcome",
      "email_id": "email-1",
      "email_subject": "Good to have you",
      "transactional": false,
      "link_id": "link-1",
      "link_url": "https://example.com/start"
    },
    "context": {"traits": {"email": "ada@example.com", "contact_id": "person-1"}}
  }'
"""


class AutopilotHq(SourceKind, slug="autopilothq", name="AutopilotHQ", categories=("Email Marketing",), events=EVENTS):
    """What happens to every email: delivered, bounced, opened, clicked, marked as spam, unsubscribed, replied.

    A stream: each email event is sent as it happens, as a track call. In the warehouse each event is a table of its
    own, beside the table `tracks` of all events; any destination gets it as an ordinary track event.

    **Who it is about.** A contact that came with a user id is sent with it as `userId`; any other has its email
    address as `anonymousId`. The recipient's address and contact id are always in `context.traits`.

    | property | meaning |
    | --- | --- |
    | `event` | the email event's type |
    | `campaign_id`, `campaign_name` | the journey |
    | `email_id`, `email_subject` | the email |
    | `transactional` | whether it was transactional |
    | `link_id`, `link_url` | the link, on clicks only |

    Some events say more, where it is known:

    | property | sent with | meaning |
    | --- | --- | --- |
    | `email_name` | all | the email's name |
    | `delivered_by` | delivered | what says so, such as `smtp` |
    | `bounce_class`, `bounce_code` | bounced | `hard`, `soft` or `block`, and the receiving server's code |
    | `machine`, `proxy` | opened, clicked | whether a machine fetched it, and through whose proxy |
    | `scope`, `method` | unsubscribed | from `all` or a `topic`, and by which way |
    """

    @classmethod
    def snippets(cls, place: Place) -> list[Snippet]:
        """Where to connect, and one event by hand."""
        return [
            Snippet("Connect", "text", filled(_CONNECT, place)),
            Snippet("Send one by hand", "shell", filled(_TRY, place)),
        ]
