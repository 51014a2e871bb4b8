"""One mail of each sort that comes back; `{to}` is whom it is for, `{id}` the Message-ID of what it is about."""

_DSN = """From: MAILER-DAEMON@mx.example.net
To: <{{to}}>
Subject: {subject}
Message-ID: <dsn-{action}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

{words}
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.com
Action: {action}
Status: {status}
{diagnostic}
--x
Content-Type: text/rfc822-headers

From: news@example.com
To: ada@example.com
Message-ID: <{{id}}>

--x--
"""
_FEEDBACK = """From: staff@loop.example.net
To: <{{to}}>
Subject: Report
Message-ID: <arf-{type}@loop.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=x

--x
Content-Type: text/plain

A report about a mail of yours.
--x
Content-Type: message/feedback-report

Feedback-Type: {type}
User-Agent: Loop/1.0
Version: 1

--x
Content-Type: text/rfc822-headers

From: news@example.com
Message-ID: <{{id}}>

--x--
"""


def _dsn(action: str, status: str, subject: str, words: str, diagnostic: str = "") -> str:
    return _DSN.format(action=action, status=status, subject=subject, words=words, diagnostic=diagnostic)


_GONE = "Diagnostic-Code: smtp; 550 5.1.1 user unknown\n"
_ANSWER = "From: Ada <ada@example.com>\nTo: <{to}>\nMessage-ID: <a1@mail.example.org>\nIn-Reply-To: <{id}>\n"

LETTERS = {
    "bounce": _dsn("failed", "5.1.1", "Undelivered Mail", "It could not be delivered.", _GONE),
    "delay": _dsn(
        "delayed", "4.4.1", "Delayed", "It is not delivered yet.", "Will-Retry-Until: Mon, 1 Jan 2035 00:00:00 +0000\n"
    ),
    "delivery": _dsn("delivered", "2.0.0", "Delivered", "It was delivered."),
    "relay": _dsn("relayed", "2.0.0", "Relayed", "It was passed on."),
    "complaint": _FEEDBACK.format(type="abuse"),
    "not spam": _FEEDBACK.format(type="not-spam"),
    "dmarc failure": _FEEDBACK.format(type="auth-failure"),
    "opt-out": _FEEDBACK.format(type="opt-out"),
    "receipt": _ANSWER
    + """Subject: Read: Good to have you
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary=x

--x
Content-Type: text/plain

Your mail was read.
--x
Content-Type: message/disposition-notification

Final-Recipient: rfc822; ada@example.com
Disposition: manual-action/MDN-sent-manually; displayed

--x--
""",
    "vacation": _ANSWER + "Subject: Out of Office: Good to have you\nAuto-Submitted: auto-replied\n\nBack on Monday.\n",
    "reply": _ANSWER + "Subject: Re: Good to have you\n\nThanks, I'd like two of them.\n",
    "apple unsubscribe": _ANSWER
    + "Subject: unsubscribe\nAuto-Submitted: auto-replied\nX-Apple-Unsubscribe: true\n\nSent by Mail.\n",
}
