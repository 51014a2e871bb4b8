"""Codes and words in conflict: which is believed, and the class that it gives."""

import pytest

from skywrite.channels.email.carrying import Stage
from skywrite.channels.email.reading.reason_words import FAINT_WORDS, WORDS
from skywrite.channels.email.reading.reasons import CODES, DOUBTED, REASONS, REPLIES
from skywrite.channels.email.reading.verdict import enhanced, judge, judge_reply, smtp_reply

CODES_ALONE = [
    *((code, "hard") for code in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.7.13", "5.7.17", "5.7.18")),
    *(
        (code, "soft")
        for code in ("5.2.0", "5.2.2", "5.2.3", "5.2.4", "5.3.0", "5.3.1", "5.3.2", "5.3.3", "5.3.4", "5.3.5")
    ),
    *(
        (code, "soft")
        for code in ("5.4.1", "5.4.4", "5.4.6", "5.4.7", "5.4.14", "5.5.0", "5.5.1", "5.1.4", "5.1.0", "5.0.0")
    ),
    *(
        (code, "block")
        for code in (
            "5.1.7",
            "5.1.8",
            "5.6.0",
            "5.6.2",
            "5.7.0",
            "5.7.1",
            "5.7.9",
            "5.7.14",
            "5.7.20",
            "5.7.26",
            "5.7.27",
        )
    ),
    *((code, "block") for code in ("5.7.509", "5.7.510", "5.7.606", "5.7.649", "5.7.511")),
    *((code, "soft") for code in ("4.1.1", "4.2.2", "4.4.1", "4.4.7", "4.7.1", "4.3.2", "4.7.500", "4.0.0")),
]


@pytest.mark.parametrize(("code", "bounce_class"), CODES_ALONE)
def test_each_code_alone_has_its_class(code, bounce_class):
    assert judge(code, "").bounce_class == bounce_class


WORDS_ALONE = [
    ("550 Requested action not taken: mailbox unavailable", "user_unknown", "hard"),
    ("550 No such user here", "user_unknown", "hard"),
    ("550 unknown local part in ayla@example.net", "user_unknown", "hard"),
    ("550 Utilisateur inconnu", "user_unknown", "hard"),
    ("550 Empfänger unbekannt", "user_unknown", "hard"),
    ("550 Usuario desconocido", "user_unknown", "hard"),
    ("宛先のメールアドレスが見つかりません", "user_unknown", "hard"),
    ("收件人不存在", "user_unknown", "hard"),
    ("550 RESOLVER.ADR.RecipientNotFound; not found", "user_unknown", "hard"),
    ("550 This account has been disabled or discontinued", "disabled", "hard"),
    ("550 mailbox temporarily disabled", "paused", "soft"),
    ("550 the user has moved to boris@example.org", "moved", "hard"),
    ("Host or domain name not found. Name service error for name=nowhere.example", "domain", "hard"),
    ("Unrouteable mail domain nowhere.example", "domain", "hard"),
    ("Domain does not accept mail (null MX)", "no_mail", "hard"),
    ("552 The recipient's mailbox is full", "full", "soft"),
    ("552 user has exceeded their allotted quota", "full", "soft"),
    ("552 Message size exceeds fixed limit", "too_big", "soft"),
    ("554 Too many hops", "loop", "soft"),
    ("554 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "reputation", "block"),
    ("550 SC-001 (BAY) Unfortunately, messages from 192.0.2.1 weren't sent (S3150)", "reputation", "block"),
    ("421 Message from 192.0.2.1 temporarily deferred [TSS04]", "reputation", "block"),
    ("550 This message looks like SPAM", "spam", "block"),
    (
        "550 Unauthenticated email from shop.example is not accepted due to domain's DMARC policy",
        "authentication",
        "block",
    ),
    ("550 Reverse DNS lookup failed", "authentication", "block"),
    ("450 Greylisted, try again later", "rate", "soft"),
    ("451 too many connections from your host", "rate", "soft"),
    ("550 Rejected for policy reasons", "policy", "block"),
    ("550 relaying denied", "relay", "block"),
    ("550 Sender address rejected: Domain not found", "sender", "block"),
    ("Envelope expired", "expired", "soft"),
    ("connect to mx.example.net: Connection refused", "network", "soft"),
    ("550 virus found", "virus", "block"),
    ("550 Access denied, user not found", "user_unknown", "hard"),  # it says both: the more specific
]


@pytest.mark.parametrize(("text", "reason", "bounce_class"), WORDS_ALONE)
def test_words_decide_where_there_is_no_code(text, reason, bounce_class):
    found = judge(None, text)
    assert (found.reason, found.bounce_class) == (reason, bounce_class)


# How far the talk had come, the reply (0: none came), its code, its words -> class. The table of docs/email-events.md.
AT_SMTP_TIME = [
    (Stage.LOOKUP, 0, "5.1.2", "There is no domain nowhere.example.", "hard"),
    (Stage.LOOKUP, 0, "5.1.10", "example.net takes no mail, as its null MX says.", "hard"),
    (Stage.LOOKUP, 0, "5.1.3", "'spam@x' is no address that mail can be sent to.", "hard"),
    (Stage.CONNECT, 0, "4.4.7", "Connection refused", "soft"),
    (Stage.CONNECT, 554, "", "no", "block"),
    (Stage.HELO, 550, "", "user unknown", "block"),
    (Stage.TLS, 554, "5.7.0", "no TLS for you", "block"),
    (Stage.AUTH, 535, "5.7.8", "authentication failed", "block"),
    (Stage.MAIL, 550, "5.1.8", "bad sender", "block"),
    (Stage.MAIL, 550, "5.1.1", "user unknown", "block"),
    (Stage.MAIL, 552, "", "mailbox full", "block"),
    (Stage.MAIL, 552, "", "message too big", "soft"),
    (Stage.MAIL, 0, "5.3.4", "The mail is bigger than the 500 bytes that the server takes.", "soft"),
    (Stage.MAIL, 0, "5.6.3", "The mail has 8-bit letters, which this server does not take.", "block"),
    (Stage.RCPT, 550, "5.1.1", "user unknown", "hard"),
    (Stage.RCPT, 550, "", "no", "hard"),
    (Stage.RCPT, 551, "", "moved", "hard"),
    (Stage.RCPT, 553, "", "no", "hard"),
    (Stage.RCPT, 554, "", "no", "block"),
    (Stage.RCPT, 554, "", "no such user", "hard"),
    (Stage.RCPT, 550, "", "<spam@example.net>: no such user", "hard"),
    (Stage.RCPT, 550, "", "listed by a blocklist", "block"),
    (Stage.RCPT, 550, "5.7.1", "access denied", "block"),
    (Stage.RCPT, 550, "5.7.1", "access denied, user unknown", "hard"),
    (Stage.RCPT, 550, "5.2.1", "disabled", "hard"),
    (Stage.RCPT, 552, "", "no", "soft"),
    (Stage.RCPT, 552, "5.2.2", "mailbox full", "soft"),
    (Stage.RCPT, 450, "4.2.0", "greylisted", "soft"),
    (Stage.RCPT, 450, "4.1.1", "user unknown", "soft"),
    (Stage.RCPT, 450, "4.7.1", "blocked using bl.example", "block"),
    (Stage.DATA, 554, "", "no", "block"),
    (Stage.DATA, 554, "", "no valid recipients", "hard"),
    (Stage.DOT, 550, "", "no", "block"),
    (Stage.DOT, 554, "", "spam", "block"),
    (Stage.DOT, 554, "5.6.0", "malformed", "block"),
    (Stage.DOT, 552, "5.3.4", "too big", "soft"),
    (Stage.DOT, 550, "5.1.1", "user unknown", "hard"),
    (Stage.DOT, 554, "5.4.6", "loop", "soft"),
    (Stage.DOT, 451, "4.3.0", "try later", "soft"),
]


@pytest.mark.parametrize(("stage", "code", "status", "words", "bounce_class"), AT_SMTP_TIME)
def test_what_a_server_answers_has_its_class(stage, code, status, words, bounce_class):
    assert judge_reply(stage, code, status, words).bounce_class == bounce_class


# The same, as a report would tell it.
STEPS_TOLD = {
    Stage.CONNECT: "after initial connection",
    Stage.HELO: "in reply to EHLO command",
    Stage.MAIL: "in reply to MAIL FROM command",
    Stage.RCPT: "in reply to RCPT TO command",
    Stage.DATA: "in reply to DATA command",
    Stage.DOT: "in reply to end of DATA command",
}


@pytest.mark.parametrize(
    ("stage", "code", "status", "words", "bounce_class"),
    [case for case in AT_SMTP_TIME if case[1] and case[0] in STEPS_TOLD],
)
def test_a_report_of_the_same_answer_has_the_same_class(stage, code, status, words, bounce_class):
    told = f"host mx.example.net said: {code} {status} {words} ({STEPS_TOLD[stage]})"
    assert judge(status or None, told).bounce_class == bounce_class


CONFLICTS = [  # Status field, diagnostic -> code, class
    ("5.0.0", "550 5.1.1 user unknown", "5.1.1", "hard"),  # the text's code before the field's
    ("5.2.2", "550 5.0.0 rejected", "5.2.2", "soft"),  # but not a catch-all in the text
    ("5.0.0", "550 mailbox full", "5.0.0", "soft"),  # words before a catch-all
    ("5.7.1", "550 5.7.1 user unknown", "5.7.1", "hard"),
    ("5.7.1", "550 5.7.1 over quota", "5.7.1", "soft"),
    ("5.7.1", "550 5.7.1 command rejected", "5.7.1", "block"),  # but not words that say less than it
    ("5.5.0", "554 5.5.0 spam", "5.5.0", "block"),
    ("5.1.1", "550 5.1.1 access denied by policy", "5.1.1", "hard"),  # a code that says much stands
    ("5.1.1", "550 5.1.1 mailbox is full", "5.1.1", "soft"),  # but for words that are surer than its users
    ("5.2.1", "550 5.2.1 mailbox temporarily disabled", "5.2.1", "soft"),
    ("5.4.4", "unable to look up the host", "5.4.4", "soft"),
    ("5.4.4", "DNS says NXDOMAIN", "5.4.4", "hard"),
    ("5.4.310", "550 5.4.310 DNS domain nowhere.example does not exist", "5.4.310", "hard"),
    ("4.7.1", "450 4.7.1 client host blocked using bl.example", "4.7.1", "block"),
    ("4.4.7", "delivery time expired", "4.4.7", "soft"),
    ("4.1.1", "450 4.1.1 user unknown", "4.1.1", "soft"),  # often a directory's outage; hard only if it repeats
    (None, "554 5.7.1 <ayla@example.net>: Recipient address rejected: user unknown in table", "5.7.1", "hard"),
    ("5.1.0", "5.1.0 - Unknown address error 550-'5.7.1 no, you are blocked'", "5.7.1", "block"),
]


@pytest.mark.parametrize(("status", "diagnostic", "code", "bounce_class"), CONFLICTS)
def test_what_is_believed(status, diagnostic, code, bounce_class):
    found = judge(status, diagnostic)
    assert (found.status, found.bounce_class) == (code, bounce_class)


@pytest.mark.parametrize(
    ("text", "bounce_class"),
    [
        ("550 no (in reply to RCPT TO command)", "hard"),
        ("550 no (in reply to end of DATA command)", "block"),
        ("550 no (in reply to MAIL FROM command)", "block"),
        ("550 no", "hard"),
        ("552 no", "soft"),
        ("554 no", "block"),
        ("450 no", "soft"),
        ("no", "soft"),
    ],
)
def test_a_bare_reply_is_read_by_its_step(text, bounce_class):
    assert judge(None, text).bounce_class == bounce_class


@pytest.mark.parametrize(
    ("text", "code", "reply"),
    [
        ("host mx[192.0.2.9] said: 550-5.1.1 no 550 5.1.1 such user", "5.1.1", "550"),
        ("#550 5.1.10 RESOLVER.ADR.RecipientNotFound##", "5.1.10", "550"),
        ("sent by Exim 4.98.1 after 500 seconds, from 5.1.2.3", None, None),
        ("sorry (#5.1.1 - chkusr)", "5.1.1", None),
        ("error 421 later", None, "421"),
    ],
)
def test_codes_are_found_in_text(text, code, reply):
    assert enhanced(text) == code
    if reply or "500" not in text:
        assert smtp_reply(text) == reply


def test_every_row_of_the_tables_names_a_reason_that_there_is():
    named = {*CODES.values(), *REPLIES.values(), *DOUBTED, *(each for few in DOUBTED.values() for each in few)}
    named |= {reason for table in (WORDS, FAINT_WORDS) for reason, _ in table}
    assert named <= set(REASONS)


SAID = [  # as large receivers and common programs say it
    ("552-5.2.2 The email account that you tried to reach is over quota", "soft"),
    ("550 5.2.1 The email account that you tried to reach is disabled", "hard"),
    ("550-5.7.1 Our system has detected that this message is likely unsolicited mail", "block"),
    ("550-5.7.26 This mail is unauthenticated", "block"),
    ("550-5.7.25 [1.2.3.4] The IP address sending this message does not have a PTR record", "block"),
    ("550 5.4.5 Daily sending quota exceeded", "soft"),
    ("552-5.7.0 This message was blocked because its content presents a potential security issue", "block"),
    ("550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302)", "hard"),
    ("550 5.7.511 Access denied, banned sender[1.2.3.4]", "block"),
    ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "hard"),
    ("550 5.4.1 [a@b.com]: Recipient address rejected: Access denied", "hard"),
    ("550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP", "block"),
    ("550 5.7.515 Access denied, sending domain x does not meet the required authentication level", "block"),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "hard"),
    ("450 4.7.320 Certificate validation failed", "soft"),
    ("550 5.4.312 Message expired, DNS query failed(ServerFailure)", "soft"),
    ("554 5.4.14 Hop count exceeded - possible mail loop ATTR34", "soft"),
    ("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", "block"),
    ("554 delivery error: dd This user doesn't have a yahoo.com account (x) [0] - mta1", "hard"),
    ("554 Message not allowed - [PH01] Email not accepted for policy reasons", "block"),
    ("552 1 Requested mail action aborted, mailbox not found", "hard"),
    ("553 5.7.1 [BL21] Connections will not be accepted from 1.2.3.4, because the ip is in Spamhaus's list", "block"),
    ("554 30 Sorry, your message to x cannot be delivered. This mailbox is disabled (554.30)", "hard"),
    ("552 5.2.2 <x>: user over quota", "soft"),
    ("550 5.1.1 <x>: inactive email address", "hard"),
    ("550 5.1.6 recipient no longer on server: x", "hard"),
    ("554 5.7.1 [CS01] Message rejected due to local policy", "block"),
    ("554 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=1.2.3.4", "block"),
    ("550 5.1.0 <x> sender rejected", "block"),
    ("550 5.1.1 Not our Customer", "hard"),
    ("550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]", "block"),
    ("552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]", "soft"),
    ("550 5.7.1 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN007_510", "block"),
    ("501 5.1.0 Emetteur invalide. Invalid Sender. LPN105_405", "block"),
    ("550 Mail content denied. http://service.mail.qq.com/cgi-bin/help", "block"),
    ("550 Domain frequency limited. http://service.mail.qq.com", "soft"),
    ("550 Unknown user x@docomo.ne.jp (in reply to end of DATA command)", "hard"),
    ("552 Message size exceeds maximum value", "soft"),
    ("552 too much mail data", "soft"),
    ("550 Administrative prohibition - envelope blocked", "block"),
    ("550 Rejected by header based manually blocked senders", "block"),
    ("550 5.1.1 Recipient not found. <http://x.co/irbounce> IB603", "hard"),
    (
        "552 5.2.0 This message has been rejected due to content judged to be spam by the internet community IB212",
        "block",
    ),
    ("421 Temporarily rejected. Reverse DNS for 1.2.3.4 failed. IB108", "block"),
    ("550 5.1.1 User does not exist - <x>", "hard"),
    ("541 5.4.1 Mail rejected by destination domain", "block"),
    ("550 Mail is rejected by recipients", "block"),
    ("553-you are trying to use me [server-12] as a relay, but I have not been configured", "block"),
    ("521 5.2.1 :  (CON:B1)  http://postmaster.info.aol.com/errors/521conb1.html", "block"),
    ("550 #5.1.0 Address rejected.", "hard"),
    ("554 Your access to this mail system has been rejected due to the sending MTA's poor reputation", "block"),
    ("552 Requested mail action aborted: exceeded storage allocation", "soft"),
    ("550 Message was not accepted -- invalid mailbox. Local mailbox x is unavailable: user not found", "hard"),
    ("550 spam message rejected. Please visit http://help.mail.ru/notspam-support/id", "block"),
    ("550 5.7.1 No such user!", "hard"),
    ("552 5.2.2 Mailbox size limit exceeded", "soft"),
    ("550 5.1.1 No such address here", "hard"),
    ("550 User suspended", "hard"),
    ("554 DT:SPM 163 smtp3", "block"),
    ("550 permanent failure for one or more recipients (x@y.com:blocked)", "block"),
    ("450 4.2.0 <x>: Recipient address rejected: Greylisted", "soft"),
    ("451 4.3.0 <x>: Temporary lookup failure", "soft"),
    ("554 5.7.1 <x>: Relay access denied", "block"),
    ("550 5.1.1 <x>: Recipient address rejected: User unknown in virtual mailbox table", "hard"),
    ("550 5.7.23 SPF validation failed", "block"),
    ("554 5.7.1 Service unavailable; Sender address [x] blocked using dbl.example", "block"),
    ("550 5.1.8 <x>: Sender address rejected: Domain not found", "block"),
    ("Host or domain name not found. Name service error for name=example.invalid type=AAAA: Host not found", "hard"),
    ("connect to mx.example.com[1.2.3.4]:25: Connection timed out", "soft"),
    ("mail for example.com loops back to myself", "soft"),
    ("can't create user output file. Command output: procmail: Quota exceeded while writing", "soft"),
    ("unknown mailer error 2", "soft"),
    ("Command died with status 1", "soft"),
    ("user has moved; please try <new@example.com>", "hard"),
    ("554 5.6.0 Message contains invalid header", "block"),
    ("550 5.6.7 SMTPUTF8 required", "block"),
    ("451 4.7.1 Greylisting in action, please come back later", "soft"),
    ("550 5.3.4 Message size exceeds file system imposed limit", "soft"),
    ("552 5.3.4 message size 12345678 exceeds size limit 10485760 of server", "soft"),
    ("550 5.2.0 Mailbox has exceeded the limit", "soft"),
    ("554 5.7.1 Message cannot be accepted, virus found: Eicar", "block"),
    ("Delivery expired (message too old) 'timeout' (delivery attempts: 0)", "soft"),
    ("5.4.7 - Delivery expired (message too old) [Default] 451-'4.7.1 please try again later'", "soft"),
    ("smtp;550 5.1.1 unknown or illegal alias: x", "hard"),
    ("550 5.0.0 x unknown user account", "hard"),
    ("550 5.0.0 <x>... We do not accept mail from spammers", "block"),
    ("The domain name could not be resolved", "hard"),
    ("550 5.1.2 Host unknown (Name server: x.example: host not found)", "hard"),
    ("553 5.1.2 <x>... bad host name", "hard"),
    ("550 #5.7.1 Your access to submit messages to this e-mail system has been rejected.", "block"),
    ("571 5.7.1 Message contains spam or virus", "block"),
    ("550 5.7.1 Requested action not taken: message refused", "block"),
    ("550 Rejected: 1.2.3.4 listed at bl.x", "block"),
    ("550 High probability of spam", "block"),
    ("550 5.2.1 Mailbox unavailable. Your IP address 1.2.3.4 is blacklisted using rbl", "block"),
    ("450 4.1.1 <x>: Recipient address rejected: unverified address: connect to y: Connection refused", "soft"),
    ("550 5.1.1 <x>: Recipient address rejected: undeliverable address: host y said: 550 no", "hard"),
    ("550-Verification failed for <x> 550-No Such User Here 550 Sender verify failed", "block"),
    ("550 Administrative prohibition", "block"),
    ("all hosts for 'x.com' have been failing for a long time (and retry time not reached)", "soft"),
    ("Unrouteable address", "hard"),
    ("all relevant MX records point to non-existent hosts", "hard"),
    ("an MX or SRV record indicated no SMTP service", "hard"),
    ("retry timeout exceeded", "soft"),
    ("lowest numbered MX record points to local host", "soft"),
    ("SMTP error from remote mail server after initial connection: 554 no", "block"),
    ("550 Blocked: You are not allowed to send mail to x", "block"),
    ("552 #5.2.2 This message is larger than the current system limit or the recipient's mailbox is full.", "soft"),
    ("550 5.7.1 Command not allowed", "block"),
    ("550 Requested action not taken: mailbox unavailable", "hard"),
    ("550 no such user", "hard"),
    ("user not found", "hard"),
    ("Mailbox disabled, not accepting messages", "hard"),
    ("5.3.2 system not accepting network messages", "soft"),
    ("5.2.3 Message length exceeds administrative limit", "soft"),
    ("5.7.0 No relaying", "block"),
    ("5.7.10 Encryption needed", "block"),
    ("host mx.example.net refused to talk to me: 554-No SMTP service 554-Bad DNS PTR resource record.", "block"),
    ("550-Callback setup failed while verifying <b0123@bounce.shop.example>", "block"),
    ("550 5.2.122 The recipient has exceeded their limit for the number of messages", "soft"),
    ("550 5.1.90 You've reached your daily limit for message recipients", "soft"),
    ("554 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain", "hard"),
    ("550 High volume of mail from you", "soft"),
    ("550 Requested action not taken: quota", "soft"),
    ("550 <spam.quota@example.net>: no", "hard"),
    ("550 XY-001 Unfortunately, messages from 192.0.2.1 weren't sent.", "block"),
    ("550 Zu viele Mails auf dem Server.", "soft"),
    ("550 This host is configured to reject mail from 192.0.2.1", "block"),
    ("550 Message headers fail a check of their syntax", "block"),
    ("552 5.2.0 Rejected due to content", "block"),
    ("Usuário não existe", "hard"),
    ("Could not find address in the directory", "hard"),
    ("Your message was automatically rejected: I want none of it", "block"),
    ("Your message was automatically rejected: quota exceeded", "soft"),
    ("550 The account or domain may not exist, or it is blacklisted", "hard"),
    ("554 The user no longer has a mailbox here", "hard"),
    ("550 The user has used up all disk space", "soft"),
    ("550 Too many invalid recipients", "block"),
    ("550 Your server requires confirmation.", "block"),
    ("The answer had no errors, with no data: no MX", "hard"),
    ("Utilisateur ayla non répertorié dans l'annuaire", "hard"),
    ("550 mailbox unavailable. Here is listed what was sent.", "hard"),
]


@pytest.mark.parametrize(("text", "bounce_class"), SAID)
def test_what_servers_say_has_its_class(text, bounce_class):
    assert judge(None, text).bounce_class == bounce_class
