"""What a new template begins with: a mail that looks good, has all it must have, and shows how values are put in."""

from skywrite.channels.email.templates.model import Source

SUBJECT = 'Welcome aboard, {{ contact.firstName | default: "friend" }}'
PREHEADER = "Three things to do in your first ten minutes."
MJML = """\
<mjml lang="en">
  <mj-head>
    <mj-title>Welcome aboard</mj-title>
    <mj-attributes>
      <mj-all font-family="-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="1.6" color="#2b3440" padding="0 32px 16px" />
      <mj-button background-color="#2563eb" border-radius="8px" font-size="16px" font-weight="600"
        inner-padding="14px 28px" padding="8px 32px 28px" align="left" />
    </mj-attributes>
    <mj-style>
      a { color: #2563eb; }
      @media (prefers-color-scheme: dark) {
        body, .page { background: #14181f !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body background-color="#eef1f6" width="600px" css-class="page">
    <mj-section padding="24px 0 16px">
      <mj-column>
        <mj-text font-size="15px" font-weight="700" color="#2563eb" padding="0 32px">{{ company.name }}</mj-text>
      </mj-column>
    </mj-section>

    <mj-section background-color="#ffffff" border-radius="12px" padding="36px 0 8px">
      <mj-column>
        <mj-text font-size="28px" font-weight="700" line-height="1.25" color="#111827">
          Hello {{ contact.firstName | default: "there" }}, good to see you
        </mj-text>
        <mj-text>
          Your account is ready. Here is a short way in: it takes about ten minutes, and you can stop at any point.
        </mj-text>
        <mj-button href="https://example.com/start">Take the first step</mj-button>
        <mj-divider border-width="1px" border-color="#e5e9f0" padding="0 32px 24px" />
        <mj-text padding-bottom="4px" font-weight="700" color="#111827">What you can do next</mj-text>
        <mj-text>
          <ul style="margin: 0; padding-left: 20px;">
            <li><a href="https://example.com/guide">Read the guide</a>, five short pages</li>
            <li><a href="https://example.com/team">Invite your team</a>, so that nobody asks you for a copy</li>
            <li>Answer this mail: a person reads it</li>
          </ul>
        </mj-text>
        {% if contact.company %}
        <mj-text color="#5b6675" font-size="14px">
          We have set things up for {{ contact.company }}. Is that wrong? Just tell us.
        </mj-text>
        {% endif %}
      </mj-column>
    </mj-section>

    <mj-section padding="20px 0 32px">
      <mj-column>
        <mj-text font-size="13px" line-height="1.5" color="#6b7686" align="center">
          {{ company.name }} · {{ company.address | default: "Your postal address" }}<br />
          <a href="{{ view_url }}" style="color: #6b7686;">View in a browser</a> ·
          <a href="{{ preferences_url }}" style="color: #6b7686;">Preferences</a> ·
          <a href="{{ unsubscribe_url }}" style="color: #6b7686;">Unsubscribe</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""
HTML = """\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>A short note</title>
  <style>
    body { margin: 0; font: 16px/1.6 -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; color: #2b3440; }
    .page { max-width: 560px; margin: 0 auto; padding: 32px 24px; }
    .small { color: #6b7686; font-size: 13px; }
  </style>
</head>
<body>
  <div class="page">
    <p>Hello {{ contact.firstName | default: "there" }},</p>
    <p>here is what you asked for: <a href="https://example.com/start">your first step</a>.</p>
    <p>{{ company.name }}</p>
    <p class="small">{{ company.address | default: "Your postal address" }} ·
      <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>
  </div>
</body>
</html>
"""


def starter(name: str, kind: str) -> Source:
    """A template to begin with, of either kind."""
    return Source(name=name, kind=kind, subject=SUBJECT, preheader=PREHEADER, body=MJML if kind == "mjml" else HTML)
