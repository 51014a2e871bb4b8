"""What an answer means, as a table: stage, reply, result, whether it speaks of us."""

import pytest

from skywrite.channels.email.carrying import Stage
from skywrite.channels.email.providers.smtp.replies import Replies
from skywrite.channels.email.providers.smtp.verdicts import is_about_us, outcome_of

S = Stage
CASES = [
    (S.DOT, "250 2.0.0 queued as 7", "taken", False),
    (S.MAIL, "550 5.7.1 not you", "refused", True),
    (S.MAIL, "450 try later", "later", True),
    (S.RCPT, "550 5.1.1 x", "refused", False),
    (S.RCPT, "550 5.1.10 null mx", "refused", False),
    (S.RCPT, "551 moved", "refused", False),
    (S.RCPT, "550 5.2.1 disabled", "refused", False),
    (S.RCPT, "552 5.2.2 full", "refused", False),
    (S.RCPT, "552 too much", "refused", False),
    (S.RCPT, "550 5.7.1 user unknown", "refused", False),
    (S.RCPT, "550 5.7.1 access denied", "refused", False),
    (S.RCPT, "554 5.7.26 DMARC", "refused", False),
    (S.RCPT, "550 5.7.13 x", "refused", False),
    (S.RCPT, "554 no", "refused", False),
    (S.RCPT, "450 4.2.0 greylisted", "later", False),
    (S.RCPT, "451 4.7.1 greylisted", "later", True),
    (S.RCPT, "421 4.3.2 closing", "later", True),
    (S.DOT, "554 5.6.0 malformed", "refused", False),
    (S.DOT, "554 spam", "refused", False),
    (S.DOT, "552 5.3.4 too big", "refused", False),
    (S.DOT, "554 5.4.6 loop", "refused", False),
    (S.DOT, "451 4.7.650 slow down", "later", True),
]


@pytest.mark.parametrize(("stage", "said", "result", "us"), CASES)
def test_the_table(stage, said, result, us) -> None:
    (reply,) = Replies().feed(said.encode() + b"\r\n")
    found = outcome_of(stage, reply, "mx.example.net", is_final_host=True)
    assert found.result == result
    assert (found.host, found.code, found.reason) == ("mx.example.net", reply.code, said)
    assert (found.result != "taken" and is_about_us(stage, reply)) == us
