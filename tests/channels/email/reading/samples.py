"""Bounces in the manner of many writers, made up here: (name, mail, kind, what it says of each recipient)."""

# ruff: noqa: RUF001 - words of other languages

from textwrap import dedent

RETURNED = """\
Return-Path: <b0123@bounce.shop.example>
Message-ID: <0123abcd@shop.example>
From: Shop <hello@shop.example>
To: {to}
Subject: New pods

Everything that does not exist is on sale: mailbox full of spam.
"""


def a_mail(
    text,
    *,
    sender="MAILER-DAEMON@mx.example.net",
    subject="failure notice",
    more="",
    content="text/plain; charset=utf-8",
):
    head = f"Return-Path: <>\nFrom: {sender}\nTo: b0123@bounce.shop.example\nSubject: {subject}\n"
    head += f"Date: Mon, 02 Mar 2026 10:00:00 +0000\nMessage-ID: <n1@mx.example.net>\n{more}Content-Type: {content}\n"
    return f"{head}\n{dedent(text)}".encode()


def a_report(
    fields,
    text="Your mail could not be delivered.",
    *,
    subject="Undelivered Mail Returned to Sender",
    to="ayla@example.net",
):
    parts = [
        f"Content-Type: text/plain; charset=utf-8\n\n{dedent(text)}",
        f"Content-Type: message/delivery-status\n\n{dedent(fields)}",
        f"Content-Type: message/rfc822\n\n{RETURNED.format(to=to)}",
    ]
    body = "".join(f"--limit\n{part}\n" for part in parts) + "--limit--\n"
    return (
        a_mail("", subject=subject, content='multipart/report; report-type=delivery-status; boundary="limit"')
        + body.encode()
    )


def copied(text, mark, to="ayla@example.net"):
    return f"{dedent(text)}\n{mark}\n\n{RETURNED.format(to=to)}"


AYLA = "ayla@example.net"
BORIS = "boris@example.org"

NOTICES = [
    (
        "qmail",
        a_mail(
            copied(
                """\
                Hi. This is the qmail-send program at mx.example.net.
                I'm afraid I wasn't able to deliver your message to the following addresses.
                This is a permanent error; I've given up. Sorry it didn't work out.

                <ayla@example.net>:
                192.0.2.9 does not like recipient.
                Remote host said: 550 5.1.1 sorry, no mailbox here by that name
                Giving up on 192.0.2.9.

                <boris@example.org>:
                user is over quota (#5.2.2)
                """,
                "--- Below this line is a copy of the message.",
            )
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard"), (BORIS, "5.2.2", None, "soft")],
    ),
    (
        "qmail, translated",
        a_mail(
            copied(
                """\
                Su mensaje no pudo ser entregado a la siguiente casilla.

                <ayla@example.net>:
                La casilla de correo esta llena.
                """,
                "--- Mensaje original adjunto.",
            )
        ),
        "bounce",
        [(AYLA, None, None, "soft")],
    ),
    (
        "exim",
        a_mail(
            copied(
                """\
                This message was created automatically by mail delivery software.

                A message that you sent could not be delivered to one or more of its
                recipients. This is a permanent error. The following address(es) failed:

                  ayla@example.net
                    host mx.example.net [192.0.2.9]
                    SMTP error from remote mail server after RCPT TO:<ayla@example.net>:
                    550-Verification failed for you
                    550 5.7.1 rejected, listed at bl.example.com
                """,
                "------ This is a copy of the message, including all the headers. ------",
            ),
            sender="Mail Delivery System <Mailer-Daemon@mx.example.net>",
            subject="Mail delivery failed: returning message to sender",
            more="X-Failed-Recipients: ayla@example.net\nAuto-Submitted: auto-replied\n",
        ),
        "bounce",
        [(AYLA, "5.7.1", "550", "block")],
    ),
    (
        "exim, a warning",
        a_mail(
            """\
            This message was created automatically by mail delivery software.
            A message that you sent has not yet been delivered to one or more of its
            recipients after more than 24 hours on the queue on mx.example.net.

            The address to which the message has not yet been delivered is:

              ayla@example.net
                Delay reason: mailbox is full

            No action is required on your part. Delivery attempts will continue for
            some time, and this warning may be repeated at intervals if the message
            remains undelivered.
            """,
            sender="Mail Delivery System <Mailer-Daemon@mx.example.net>",
            subject="Warning: message 1Abc-0001 delayed 24 hours",
            more="Auto-Submitted: auto-replied\n",
        ),
        "delayed",
        [(AYLA, None, None, "soft")],
    ),
    (
        "sendmail 8, old",
        a_mail(
            copied(
                """\
                The original message was received at Mon, 2 Mar 2026 10:00:00 GMT
                from shop.example [192.0.2.1]

                   ----- The following addresses had permanent fatal errors -----
                <ayla@example.net>
                    (reason: 550 5.1.1 <ayla@example.net>... User unknown)

                   ----- Transcript of session follows -----
                ... while talking to mx.example.net.:
                >>> RCPT To:<ayla@example.net>
                <<< 550 5.1.1 <ayla@example.net>... User unknown
                550 5.1.1 <ayla@example.net>... User unknown
                """,
                "   ----- Original message follows -----",
            ),
            sender="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
            subject="Returned mail: see transcript for details",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "sendmail 5",
        a_mail(
            copied(
                """\
                   ----- Transcript of session follows -----
                While talking to mx.example.net:
                >>> RCPT To:<ayla@example.net>
                <<< 550 User unknown
                550 <ayla@example.net>... User unknown
                """,
                "   ----- Unsent message follows -----",
            ),
            subject="Returned mail: User unknown",
        ),
        "bounce",
        [(AYLA, None, "550", "hard")],
    ),
    (
        "postfix without its report",
        a_mail(
            """\
            This is the mail system at host mx.example.net.

            I'm sorry to have to inform you that your message could not
            be delivered to one or more recipients. It's attached below.

                               The mail system

            <ayla@example.net>: host mx.example.net[192.0.2.9] said: 554 5.7.1 Service
                unavailable; Client host [192.0.2.1] blocked using zen.example (in reply to
                RCPT TO command)
            """,
            sender="MAILER-DAEMON@shop.example (Mail Delivery System)",
            subject="Undelivered Mail Returned to Sender",
        ),
        "bounce",
        [(AYLA, "5.7.1", "554", "block")],
    ),
    (
        "exchange 2003",
        a_mail(
            """\
            Your message did not reach some or all of the intended recipients.

                  Subject:  New pods
                  Sent:     3/2/2026 10:00 AM

            The following recipient(s) could not be reached:

                  ayla@example.net on 3/2/2026 10:01 AM
                        The e-mail account does not exist at the organization this message was sent to.
                        <mx.example.net #5.1.1>
            """,
            sender="System Administrator <postmaster@example.net>",
            subject="Undeliverable: New pods",
            more="X-DSNContext: 335a7efd - 4523 - 00000001 - 80040546\n",
        ),
        "bounce",
        [(AYLA, "5.1.1", None, "hard")],
    ),
    (
        "exchange 2007, as HTML",
        a_mail(
            """\
            <html><body><p>Delivery has failed to these recipients or distribution lists:</p>
            <p><a href="mailto:ayla@example.net">ayla@example.net</a><br>
            The recipient's e-mail address was not found in the recipient's e-mail system.</p>
            <hr><p>Diagnostic information for administrators:</p>
            <p>Generating server: mx.example.net</p>
            <p>ayla@example.net<br>#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##</p>
            <p>Original message headers:</p><pre>Received: from shop.example (192.0.2.1)
            Message-ID: &lt;0123abcd@shop.example&gt;</pre></body></html>
            """,
            sender="Microsoft Exchange <MicrosoftExchange329e71@example.net>",
            subject="Undeliverable: New pods",
            content="text/html; charset=utf-8",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "gmail, old",
        a_mail(
            copied(
                """\
                Delivery to the following recipient failed permanently:

                     ayla@example.net

                Technical details of permanent failure:
                Google tried to deliver your message, but it was rejected by the server for the recipient domain.
                The error that the other server returned was:
                552 5.2.2 Mailbox is over quota
                """,
                "----- Original message -----",
            ),
            sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            subject="Delivery Status Notification (Failure)",
        ),
        "bounce",
        [(AYLA, "5.2.2", "552", "soft")],
    ),
    (
        "outlook.com",
        a_mail(
            """\
            This is an automatically generated Delivery Status Notification.

            Delivery to the following recipients failed.

                   ayla@example.net
            """,
            sender="postmaster@mx.example.net",
            subject="Delivery Status Notification (Failure)",
        ),
        "bounce",
        [(AYLA, None, None, "soft")],
    ),
    (
        "yahoo",
        a_mail(
            copied(
                """\
                Sorry, we were unable to deliver your message to the following address.

                <ayla@example.net>:
                554: delivery error: dd This user doesn't have an example.net account (ayla@example.net) [0]
                """,
                "--- Below this line is a copy of the message.",
            ),
            subject="Failure Notice",
        ),
        "bounce",
        [(AYLA, None, "554", "hard")],
    ),
    (
        "aol, a screen name",
        a_mail(
            """\
            Your mail to the following recipients could not be delivered because
            they are not accepting mail from hello@shop.example:
            \taylascreen
            """,
            sender='"Mail Delivery Subsystem" <MAILER-DAEMON@example.net>',
            subject="Mail Delivery Problem",
        ),
        "bounce",
        [("aylascreen@example.net", None, None, "block")],
    ),
    (
        "domino",
        a_mail(
            """\
            Your message

              Subject: New pods

            was not delivered to:

              ayla@example.net

            because:

              User ayla (ayla@example.net) not listed in Domino Directory
            """,
            sender="Postmaster@example.net",
            subject="DELIVERY FAILURE: User ayla (ayla@example.net) not listed in Domino Directory",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
    (
        "notes",
        a_mail(
            """\
            ------- Failure Reasons  --------

            User not listed in public Name & Address Book
            ayla@example.net


            ------- Returned Message --------

            Received: from shop.example
            """,
            sender="Postmaster@example.net",
            subject="DELIVERY FAILURE",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
    (
        "groupwise",
        a_mail(
            """\
            The message that you sent was undeliverable to the following:
            \tayla@example.net (550 5.1.1 User unknown)

            Possibly truncated original message follows:
            """,
            sender="Mailer-Daemon@example.net",
            subject="Message status - undeliverable",
            more="X-Mailer: GroupWise Internet Agent\n",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "communigate",
        a_mail(
            """\
            Failed to deliver to '<ayla@example.net>'
            SMTP module(domain example.net) reports:
             host mx.example.net says:
             550 5.1.1 unknown or illegal alias: ayla@example.net
            """,
            sender="<MAILER-DAEMON@mx.example.net>",
            subject="Undeliverable mail: New pods",
            more="X-Mailer: CommuniGate Pro\n",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "imail",
        a_mail(
            "Unknown user: ayla@example.net\n\n\nOriginal message follows.\n",
            sender='"Postmaster" <postmaster@mx.example.net>',
            subject="Undeliverable Mail",
            more="X-Mailer: <SMTP32 v8.15>\n",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
    (
        "mdaemon",
        a_mail(
            """\
            The attached message had PERMANENT fatal delivery errors!

            After one or more unsuccessful delivery attempts the attached message has
            been removed from the mail queue on this server.

            ayla@example.net - no such user here.

            There is no user by that name at this server.
            """,
            sender="MDaemon@mx.example.net",
            subject="Warning: ayla@example.net - User unknown!",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
    (
        "interscan",
        a_mail(
            """\
            Sent <<< RCPT TO:<ayla@example.net>
            Received >>> 550 5.1.1 unknown user

            """,
            sender='"InterScan MSS Notification" <postmaster@mx.example.net>',
            subject="Mail could not be delivered",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "mailmarshal",
        a_mail(
            """\
            Your message:
               From:    hello@shop.example
               Subject: New pods

            Could not be delivered because of

            550 5.1.1 User unknown

            The following recipients were affected:
               ayla@example.net

            Additional Information
            ======================
            """,
            sender="MailMarshal <postmaster@mx.example.net>",
            subject='Undeliverable Mail: "New pods"',
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "mcafee",
        a_mail(
            """\
            ---- The following addresses had delivery problems ----

            <ayla@example.net>   (User unknown ayla@example.net)

            """,
            sender='"Mail Delivery System" <postmaster@mx.example.net>',
            subject="Delivery Status",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
    (
        "messagelabs",
        a_mail(
            copied(
                """\
                This is the mail delivery agent at messagelabs.com.
                I was not able to deliver your message to the following addresses.

                <ayla@example.net>:
                192.0.2.9 does not like recipient.
                Remote host said: 550 5.1.1 No such user
                """,
                "--- Below this line is a copy of the message.",
            ),
            sender="MAILER-DAEMON@messagelabs.com",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "surfcontrol",
        a_mail(
            """\
            Your Message could not be sent.
            A transcript of the attempts to send the message follows.
            The number of attempts made: 1
            Addressed To: ayla@example.net

            Mon 02 Mar 2026 10:00:00 +0000
            Failed to send to identified host,
            ayla@example.net: [192.0.2.9], 550 ayla@example.net... No such user
            --- Message non-deliverable.
            """,
            sender="Mail Filter <postmaster@mx.example.net>",
            subject="Undeliverable Mail",
            more="X-Mailer: SurfControl E-mail Filter\n",
        ),
        "bounce",
        [(AYLA, None, "550", "hard")],
    ),
    (
        "mailfoundry",
        a_mail(
            """\
            Unable to deliver message to: <ayla@example.net>
            Delivery failed for the following reason:
            Server mx.example.net[192.0.2.9] failed with: 550 <ayla@example.net> No such user here

            This has been a permanent failure.  No further delivery attempts will be made.
            """,
            sender='"MAILER-DAEMON" <MAILER-DAEMON@mx.example.net>',
            subject="Message delivery has failed",
        ),
        "bounce",
        [(AYLA, None, "550", "hard")],
    ),
    (
        "gmx",
        a_mail(
            """\
            This message was created automatically by mail delivery software.

            A message that you sent could not be delivered to one or more of
            its recipients. This is a permanent error. The following address
            failed:

            "ayla@example.net":
            SMTP error from remote server after RCPT command:
            host: mx.example.net
            5.1.1 <ayla@example.net>... User Unknown


            --- The header of the original message is following. ---

            Received: from shop.example
            """,
            sender="MAILER-DAEMON@mail.gmx.example",
            subject="Mail delivery failed: returning message to sender",
        ),
        "bounce",
        [(AYLA, "5.1.1", None, "hard")],
    ),
    (
        "1&1",
        a_mail(
            """\
            This message was created automatically by mail delivery software.

            A message that you have sent could not be delivered to one or more
            recipients. This is a permanent error. The following address failed:

              ayla@example.net

            for the following reason:

            Mail size limit exceeded. For explanation visit our pages.
            """,
            sender='"Mail Delivery System" <mailer-daemon@mx.example.net>',
            subject="Mail delivery failed: returning message to sender",
        ),
        "bounce",
        [(AYLA, None, None, "soft")],
    ),
    (
        "zoho",
        a_mail(
            """\
            This message was created automatically by mail delivery software.
            A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.

            ayla@example.net Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <ayla@example.net>... User Unknown


            Received:from mail.example by mx.example.net
            """,
            sender="mailer-daemon@mail.zoho.example",
            subject="Undelivered Mail Returned to Sender",
            more="X-Mailer: Zoho Mail\n",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "mail.ru",
        a_mail(
            copied(
                """\
                Это письмо создано автоматически сервером, отвечать на него не нужно.

                К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

                  ayla@example.net
                    host mx.example.net [192.0.2.9]: 550 пользователь не найден
                """,
                "------ This is a copy of the message, including all the headers. ------",
            ),
            sender="mailer-daemon@corp.mail.example",
            subject="Ваше сообщение не доставлено. Mail failure.",
        ),
        "bounce",
        [(AYLA, None, "550", "hard")],
    ),
    (
        "opensmtpd",
        a_mail(
            copied(
                """\
                    Hi!

                    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.

                    An error has occurred while attempting to deliver a message for
                    the following list of recipients:

                ayla@example.net: 550 5.2.1 account disabled
                """,
                "    Below is a copy of the original message:",
            ),
            sender="Mailer Daemon <MAILER-DAEMON@mx.example.net>",
            subject="Delivery status notification: error",
        ),
        "bounce",
        [(AYLA, "5.2.1", "550", "hard")],
    ),
    (
        "dragonfly",
        a_mail(
            """\
            This is the DragonFly Mail Agent v0.13 at mx.example.net.

            There was an error delivering your mail to <ayla@example.net>.

            mx.example.net [192.0.2.9] did not like our DATA:
            554 5.7.1 Message contains spam

            Message headers follow.

            Received: from shop.example
            """,
            sender="MAILER-DAEMON <>",
            subject="Mail delivery failed",
        ),
        "bounce",
        [(AYLA, "5.7.1", "554", "block")],
    ),
    (
        "apache james",
        a_mail(
            """\
            Hi. This is the James mail server at mx.example.net.
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.  Below
            I include the list of recipients and the reason why I was unable to deliver
            your message.

            Failed recipient(s):
            ayla@example.net

            Error message:
            550 - Requested action not taken: no such user here

            """,
            sender="postmaster@mx.example.net",
            subject="[BOUNCE]",
        ),
        "bounce",
        [(AYLA, None, "550", "hard")],
    ),
    (
        "workmail, fields in the text",
        a_mail(
            """\
            An error occurred while trying to deliver the mail to the following recipients:
            ayla@example.net

            Technical report:

            Reporting-MTA: dsn; mx.example.net

            Action: failed
            Final-Recipient: rfc822; ayla@example.net
            Diagnostic-Code: smtp; 550 5.4.4 Invalid domain
            Status: 5.4.4
            """,
            sender="MAILER-DAEMON@eu.amazonses.example",
            subject="Delivery Status Notification (Failure)",
            more="X-Mailer: Amazon WorkMail\n",
        ),
        "bounce",
        [(AYLA, "5.4.4", "550", "hard")],
    ),
    (
        "ezweb",
        a_mail(
            """\
            次のあて先へのメッセージはエラーのため送信できませんでした。

            Each of the following recipients was rejected by a remote mail server.

                Recipient: <ayla@example.net>
                >>> RCPT TO:<ayla@example.net>
                <<< 550 <ayla@example.net>: User unknown
            """,
            sender="Postmaster@ezweb.example",
            subject="Mail System Error - Returned Mail",
        ),
        "bounce",
        [(AYLA, None, "550", "hard")],
    ),
    (
        "kddi",
        a_mail(
            """\
            Your mail sent on: Mon, 2 Mar 2026 10:00:00 +0900
                 Could not be delivered to: <ayla@example.net>
                 As their mailbox is full.
            """,
            sender="no-reply@app.auone.example",
            subject="メールエラー通知",
        ),
        "bounce",
        [(AYLA, None, None, "soft")],
    ),
    (
        "m-filter",
        a_mail(
            """\
            このメールは「m-FILTER」が自動的に生成して送信しています。

            以下のメールアドレスへの送信に失敗しました。
            ayla@example.net

            -------server message
            550 5.1.1 <ayla@example.net>: Recipient address rejected: User unknown

            -------SMTP command
            RCPT

            -------original message
            Received: from shop.example
            """,
            sender="POSTMASTER <postmaster@example.net>",
            more="X-Mailer: m-FILTER\n",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "a Chinese provider",
        a_mail(
            """\
            抱歉，您的邮件被退回来了……

            收件人邮件地址：ayla@example.net
            退信原因：收件人不存在
            """,
            sender="PostMaster@mail.example.cn",
            subject="系统退信/Systems bounce",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
    (
        "listserv",
        a_mail(
            """\
            An error was detected while processing the enclosed message.

            --> Error description:
            Error-for:  ayla@example.net
            Error-Code: 3
            Error-Text: No such mailbox

            Error-End:  One error reported.
            """,
            sender='"LSMTP" <postmaster@mx.example.net>',
            subject="Undelivered mail",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
    (
        "pmdf",
        a_mail(
            """\
            This report relates to a message you sent with the following header fields:

              Message-id: <0123abcd@shop.example>
              From: hello@shop.example
              To: ayla@example.net
              Subject: New pods

            Your message cannot be delivered to the following recipients:

              Recipient address: ayla@example.net
              Reason: Remote SMTP server has rejected address
              Diagnostic code: smtp;550 5.1.1 unknown or illegal alias
            """,
            sender="PMDF e-Mail Interconnect <postmaster@mx.example.net>",
            subject="Delivery Notification: Delivery has failed",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "courier",
        a_mail(
            """\
            This is a delivery status notification from mx.example.net,
            running the Courier mail server, version 1.0.

            The original message was received on Mon, 02 Mar 2026 10:00:00 +0000

            ---------------------------------------------------------------------------

                                       UNDELIVERABLE MAIL

            Your message to the following recipients cannot be delivered:

            <ayla@example.net>:
                mx.example.net [192.0.2.9]:
                >>> RCPT TO:<ayla@example.net>
                <<< 550 5.1.1 <ayla@example.net>... User Unknown
            """,
            sender='"Courier mail server at mx.example.net" <@>',
            subject="NOTICE: mail delivery status.",
        ),
        "bounce",
        [(AYLA, "5.1.1", "550", "hard")],
    ),
    (
        "a script for full mailboxes",
        a_mail(
            """\
            Your message to <ayla@example.net> was automatically rejected:
            Quota exceeded (mailbox for user is full)
            """,
            sender="Mail Delivery Subsystem <postmaster@mx.example.net>",
            subject="Automatically rejected mail",
            more="Auto-Submitted: auto-replied (rejected)\n",
        ),
        "bounce",
        [(AYLA, None, None, "soft")],
    ),
    (
        "a gateway for text messages",
        a_mail(
            """\
            Error: Invalid user address

            Error message below:
            550 - Requested action not taken: no such user here

            Message details:
              Subject: New pods
              MAIL FROM: hello@shop.example
              RCPT TO: ayla@example.net
            """,
            sender="post_master@vtext.example",
            subject="Undeliverable Message",
        ),
        "bounce",
        [(AYLA, None, "550", "hard")],
    ),
    (
        "german, by nobody we know",
        a_mail(
            """\
            Ihre Nachricht konnte nicht zugestellt werden.

            ayla@example.net
            Empfänger unbekannt
            """,
            sender="postmaster@mx.example.net",
            subject="Unzustellbar: New pods",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
    (
        "french, by nobody we know",
        a_mail(
            """\
            Votre message n'a pas pu être remis au destinataire suivant :

            ayla@example.net : utilisateur inconnu
            """,
            sender="postmaster@mx.example.net",
            subject="Non remis : New pods",
        ),
        "bounce",
        [(AYLA, None, None, "hard")],
    ),
]

# More manners, in short: (name, text, what a_mail is told, kind, addresses, class).
SHORT_NOTICES = [
    (
        "compuserve",
        """\
            Your message could not be delivered:

              Invalid receiver address: ayla@example.net

            --- Returned message ---

            Sender: x@y
            """,
        {"subject": "Undeliverable message", "sender": "Electronic Postmaster <POSTMASTER@compuserve.example>"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "netscape",
        """\
            This Message was undeliverable due to the following reason:

            The following destination addresses were unknown (please check
            the addresses and re-mail the message):

            SMTP <ayla@example.net>

            Please reply to Postmaster@mx.example.net
            if you feel this message to be in error.
            """,
        {"subject": "Mail System Error - Returned Mail", "sender": "Mail Administrator<Postmaster@mx.example.net>"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "netscape, late",
        """\
            This Message was undeliverable due to the following reason:

            Your message was not delivered because the destination computer was
            not reachable within the allowed queue period.

            Your message was not delivered within 4 days.
            Host example.net is not responding.

            The following recipients did not receive this message:

                 <ayla@example.net>

            Please reply to Postmaster@mx.example.net
            """,
        {"subject": "Mail System Error - Returned Mail"},
        "bounce",
        [AYLA],
        "soft",
    ),
    (
        "llnl",
        """\
            The following addresses had delivery errors:

              Address Unknown: ayla@example.net, retry
            """,
        {"subject": "Delivery failure"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "the recipient shown below",
        """\
            The original message you sent to the recipient shown below
            could not be delivered.

            To: ayla@example.net
            Date and time: now
            Reason: mailbox full
            """,
        {"subject": "Undeliverable Mail"},
        "bounce",
        [AYLA],
        "soft",
    ),
    (
        "a list of failed recipients",
        """\
            Here is your list of failed recipients:

            <ayla@example.net>: user unknown

            Here is your returned mail:

            Received: from x
            To: foo@bar.example
            """,
        {},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "mmdf",
        """\
            Failed addresses follow:
            ---------------------
             ayla@example.net ... User unknown

            Message text follows:
            --------
            Received: x
            """,
        {"subject": "Mail failed, returning to sender", "sender": "MMDF Mail System <mmdf@x.example>"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "in one line",
        """\
            Delivery to ayla@example.net failed: no such user
            """,
        {"subject": "Delivery failure"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "not deliverable",
        """\
            E-mail to user ayla@example.net is not deliverable
            The mailbox is disabled.
            """,
        {"subject": "Undelivered Mail"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "sorry to tell",
        """\
            I'm sorry to tell you that your message could not be delivered to:
              ayla@example.net, reason: unknown local user
            """,
        {},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "labels",
        """\
            Could not deliver message to the following recipient(s):

            Recipient: <ayla@example.net>
            Reason:    No such user here

            Please check the above recipient email address
            """,
        {"subject": "Undelivered Mail"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "an alias",
        """\
            Mail to `ayla@example.net' alias `ayla' from b01@bounce failed:
            User unknown
            """,
        {},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "kerio",
        """\
            Your message could not be delivered to the following recipients:

            ayla@example.net;   failed; 5.1.1 (Unknown user)
            """,
        {"subject": "Delivery failed"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "hmailserver",
        """\
            Your message did not reach some or all of the intended recipients.

               Sent: Mon, 2 Mar 2026 10:00:00 +0000
               Subject: New pods

            The following recipient(s) could not be reached:

            ayla@example.net
               Error Type: SMTP
               Remote server (192.0.2.9) issued an error.
               hMailServer sent: RCPT TO:<ayla@example.net>
               Remote server replied: 550 5.1.1 User unknown

            hMailServer
            """,
        {"subject": "Message undeliverable: New pods", "sender": "mailer-daemon@mx.example.net"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "mdaemon, a warning",
        """\
            The attached message had transient non-fatal delivery errors.

            No action is required on your part. MDaemon will keep trying.

            Failed address: ayla@example.net

            --- Session Transcript ---
            <-- 451 later
            """,
        {"subject": "Warning: Transient delivery problem", "sender": "MDaemon@mx.example.net"},
        "delayed",
        [AYLA],
        "soft",
    ),
    (
        "axigen",
        """\
            Message <x@y> from b01@bounce.shop.example could not be delivered to ayla@example.net.
            Remote server said: 550 no such user
            """,
        {"subject": "Failed to deliver message"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "zimbra",
        """\
            This is the mail system at host mx.example.net.

            I'm sorry to have to inform you that your message could not
            be delivered to one or more recipients.

                               The mail system

            <ayla@example.net>: Host or domain name not found. Name service error for
                name=example.net type=A: Host not found
            """,
        {"subject": "Undelivered Mail Returned to Sender"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "a sentence",
        """\
            Unable to deliver your message to ayla@example.net.

            The error was: 550 5.1.1 unknown
            """,
        {"subject": "Undeliverable"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "exchange online, German",
        """\
            Ihre Nachricht an ayla@example.net konnte nicht zugestellt werden.

            Die E-Mail-Adresse wurde nicht gefunden.

            Empfängeradresse: ayla@example.net
            Fehler: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ayla@example.net not found
            """,
        {"subject": "Unzustellbar: New pods", "sender": "Microsoft Outlook <MicrosoftExchange32@example.net>"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "exchange online, as HTML",
        """\
            <html><body><p><b>Your message to ayla@example.net couldn't be delivered.</b></p>
            <p>ayla wasn't found at example.net.</p>
            <table><tr><td>Recipient Address:</td><td>ayla@example.net</td></tr>
            <tr><td>Error:</td><td>550 5.1.10 RESOLVER.ADR.RecipientNotFound</td></tr></table></body></html>
            """,
        {
            "subject": "Undeliverable: New pods",
            "sender": "Microsoft Outlook <MicrosoftExchange32@example.net>",
            "content": "text/html",
        },
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "gmail, as HTML",
        """\
            <html><body><h2>Address not found</h2>
            <p>Your message wasn't delivered to <a><b>ayla@example.net</b></a>
            because the address couldn't be found, or is unable to receive mail.</p>
            <p>The response was:</p>
            <p>550 5.1.1 The email account that you tried to reach does not exist.</p></body></html>
            """,
        {
            "subject": "Delivery Status Notification (Failure)",
            "sender": "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "content": "text/html",
        },
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "exim, delayed",
        """\
            This message was created automatically by mail delivery software.
            A message that you sent has not yet been delivered to one or more of its
            recipients after more than 24 hours on the queue on mx.

            The address to which the message has not yet been delivered is:

              ayla@example.net
                host mx [1.2.3.4]: 451 greylisted

            No action is required on your part.
            """,
        {"subject": "Warning: message 1 delayed 24 hours"},
        "delayed",
        [AYLA],
        "soft",
    ),
    (
        "postfix, delayed",
        """\
            This is the mail system at host x.

            # THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #

            Your message could not be delivered for more than 4 hour(s).
            It will be retried until it is 5 day(s) old.

            <ayla@example.net>: connect to mx: Connection refused
            """,
        {"subject": "Delayed Mail (still being retried)"},
        "delayed",
        [AYLA],
        "soft",
    ),
    (
        "sendmail, delayed",
        """\
                **********************************************
                **      THIS IS A WARNING MESSAGE ONLY      **
                **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **
                **********************************************

            The original message was received at Mon
            from x

               ----- The following addresses had transient non-fatal errors -----
            <ayla@example.net>

               ----- Transcript of session follows -----
            <ayla@example.net>... Deferred: Connection timed out with mx.
            Warning: message still undelivered after 4 hours
            Will keep trying until message is 5 days old
            """,
        {"subject": "Warning: could not send message for past 4 hours"},
        "delayed",
        [AYLA],
        "soft",
    ),
    (
        "a script for quotas",
        """\
            The user ayla@example.net has exceeded the mailbox quota. Your message was not delivered.
            """,
        {"subject": "Mailbox full", "sender": "postmaster@example.net", "more": "Auto-Submitted: auto-replied\n"},
        "bounce",
        [AYLA],
        "soft",
    ),
    (
        "spanish",
        """\
            No se pudo entregar su mensaje a los siguientes destinatarios:

            ayla@example.net

            Motivo: el usuario no existe
            """,
        {"subject": "No se pudo entregar: New pods", "sender": "postmaster@mx.example.net"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "portuguese",
        """\
            Sua mensagem não pôde ser entregue ao destinatário ayla@example.net.
            Motivo: caixa postal cheia
            """,
        {"subject": "Falha na entrega", "sender": "postmaster@mx.example.net"},
        "bounce",
        [AYLA],
        "soft",
    ),
    (
        "italian",
        """\
            Impossibile recapitare il messaggio a:
            <ayla@example.net> : utente sconosciuto
            """,
        {"subject": "Mancato recapito", "sender": "postmaster@mx.example.net"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "polish",
        """\
            Twoja wiadomość nie została dostarczona do: ayla@example.net
            Przyczyna: nieznany użytkownik
            """,
        {"subject": "Niedostarczona wiadomość", "sender": "postmaster@mx.example.net"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "russian",
        """\
            Не удалось доставить письмо адресату ayla@example.net
            Причина: почтовый ящик переполнен
            """,
        {"subject": "Письмо не доставлено", "sender": "postmaster@mx.example.net"},
        "bounce",
        [AYLA],
        "soft",
    ),
    (
        "chinese",
        """\
            您的邮件无法投递到以下收件人：

            ayla@example.net

            原因：用户不存在
            """,
        {"subject": "退信通知", "sender": "postmaster@mx.example.net"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "japanese",
        """\
            以下の宛先に送信できませんでした。

            ayla@example.net

            理由：宛先のメールアドレスが見つかりません
            """,
        {"subject": "送信エラー", "sender": "postmaster@mx.example.net"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "fml",
        """\
            Sorry, you are not a member of this mailing list <ayla@example.net>.
            """,
        {"subject": "You are not member (x ML)", "sender": "x-admin@example.net", "more": "X-MLServer: fml 4\n"},
        "bounce",
        [AYLA],
        "block",
    ),
    (
        "amavis",
        """\
            Message from <b01@bounce.shop.example> to <ayla@example.net>
            was blocked: your mail contained a VIRUS: Eicar
            Delivery of the email was stopped!
            """,
        {"subject": "VIRUS (Eicar) IN MAIL FROM YOU", "sender": '"Content-filter at mx" <postmaster@mx.example.net>'},
        "bounce",
        [AYLA],
        "block",
    ),
    (
        "barracuda",
        """\
            Your message to: ayla@example.net
            was blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:

            Subject: New pods
            """,
        {"subject": "**Message you sent blocked by our bulk email filter**"},
        "bounce",
        [AYLA],
        "block",
    ),
    (
        "a kin of qmail",
        """\
            Message from example.com.
            Unable to deliver message to the following address(es).

            <ayla@example.net>:
            Remote host said: 550 5.7.1 blocked by policy

            --- Original message follows.

            To: someone@else
            """,
        {"subject": "Delivery failure"},
        "bounce",
        [AYLA],
        "block",
    ),
    (
        "a rejection",
        """\
            Your email to ayla@example.net has been rejected by our server: mailbox has been disabled due to inactivity
            """,
        {"subject": "Rejected mail", "sender": "noreply@example.net"},
        "bounce",
        [AYLA],
        "hard",
    ),
    (
        "a numbered list",
        """\
            The following message could not be delivered:

            1. ayla@example.net - mailbox full
            2. boris@example.org - user unknown
            """,
        {"subject": "Undelivered"},
        "bounce",
        [AYLA, BORIS],
        None,
    ),
    (
        "comma list",
        """\
            Your message could not be delivered to the following recipients:

            ayla@example.net, boris@example.org

            User unknown
            """,
        {"subject": "Undelivered"},
        "bounce",
        [AYLA, BORIS],
        "hard",
    ),
    (
        "recipients line",
        """\
            Recipient(s): ayla@example.net
            Reason: 550 user unknown
            """,
        {"subject": "Undelivered mail"},
        "bounce",
        [AYLA],
        "hard",
    ),
]
