"""The rows of `formats` for filters, other providers, lists and rarer servers; they are tried after its own."""

# ruff: noqa: RUF001 - words and marks of other languages

from skywrite.channels.email.reading.formats import Format
from skywrite.channels.email.reading.words import phrases

OTHER_FORMATS: tuple[Format, ...] = (
    Format(
        "interscan, trend micro",
        headers=(("from", "interscan"), ("from", "trend micro")),
        texts=phrases(
            """
            message from interscan | from interscan e-mail viruswall | unable to deliver message to < |
            sent <<< rcpt to: | received >>>
            """
        ),
        start=phrases(
            """
            unable to deliver message to | sent <<<
            """
        ),
    ),
    Format(
        "mailmarshal",
        headers=(("from", "mailmarshal"), ("subject", "undeliverable mail:")),
        texts=phrases(
            """
            your message: from: | could not be delivered because of |
            following recipients could not be reached | mailmarshal
            """
        ),
        start=phrases(
            """
            could not be delivered because of | to the following recipients | recipients:
            """
        ),
        stop=phrases(
            """
            additional information
            """
        ),
    ),
    Format(
        "messagelabs, symantec.cloud",
        headers=(("from", "messagelabs"), ("auto-submitted", "auto-generated; failure")),
        texts=phrases(
            """
            messagelabs.com | reason for delivery failure
            """
        ),
    ),
    Format(
        "mimecast",
        headers=(("from", "mimecast"), ("x-mimecast", "")),
        texts=phrases(
            """
            the message you sent has been rejected | mimecast | your email message was rejected
            """
        ),
    ),
    Format(
        "barracuda, proofpoint, mxlogic, mcafee, surfcontrol, sophos",
        headers=(
            ("from", "barracuda"),
            ("x-mailer", "mxl~"),
            ("x-nai-", ""),
            ("from", "surfcontrol"),
            ("subject", "detected error"),
        ),
        texts=phrases(
            """
            your message could not be sent | could not be delivered to all of its recipients |
            following addresses had delivery problems | delivery attempts on the following |
            your message could not be delivered to | mcafee | the following addresses had delivery problems |
            your message to: | was blocked by our spam firewall
            """
        ),
        start=phrases(
            """
            delivery problems | could not be sent | could not be delivered | your message to:
            """
        ),
        stop=phrases(
            """
            original message | attached is
            """
        ),
    ),
    Format(
        "messaging server, pmdf, iplanet",
        headers=(("from", "pmdf"), ("x-mailer", "pmdf")),
        texts=phrases(
            """
            this report relates to a message you sent with the following header fields |
            your message cannot be delivered to the following recipients |
            your message has been enqueued and undeliverable for | your message is being returned |
            recipient address:
            """
        ),
        start=phrases(
            """
            cannot be delivered to the following | following recipients | recipient(s):
            """
        ),
    ),
    Format(
        "lsmtp, listserv",
        texts=phrases(
            """
            an error was detected while processing the enclosed message | error-for: |
            the enclosed mail file has been identified as a delivery error
            """
        ),
    ),
    Format(
        "gmx, 1&1, web.de, kundenserver",
        headers=(
            ("from", "@mail.gmx"),
            ("from", "kundenserver"),
            ("from", "@gmx."),
            ("from", "@ui-mx"),
            ("from", "@emig."),
        ),
        texts=phrases(
            """
            this message was created automatically by mail delivery software | for the following reason: |
            a message that you have sent could not be delivered to one or more recipients
            """
        ),
        start=phrases(
            """
            failed: | the following address | recipients: | this is a permanent error
            """
        ),
        stop=phrases(
            """
            the header of the original message
            """
        ),
    ),
    Format(
        "zoho",
        headers=(("x-mailer", "zoho mail"), ("from", "@mail.zoho"), ("from", "zohomail")),
        texts=phrases(
            """
            error_code : |
            this message was created automatically by mail delivery software. a message that you sent
            """
        ),
        start=phrases(
            """
            this is a permanent error | could not be delivered to one or more
            """
        ),
        stop=phrases(
            """
            received:
            """
        ),
    ),
    Format(
        "yandex, mail.ru, rambler, newmail",
        headers=(("from", "@yandex."), ("x-mailer-daemon-recipients", "")),
        texts=phrases(
            """
            this is the mail system at host yandex | письмо создано автоматически | не может быть доставлено |
            не удалось доставить | не было доставлено | невозможно доставить
            """
        ),
        start=phrases(
            """
            получателям | адресатам | не может быть доставлено | не удалось доставить
            """
        ),
    ),
    Format(
        "amazon ses, workmail",
        headers=(("x-mailer", "amazon workmail"), ("from", "amazonses.com"), ("x-ses-outgoing", "")),
        texts=phrases(
            """
            an error occurred while trying to deliver the mail to the following recipients |
            the following message to < | the following message to
            """
        ),
        start=phrases(
            """
            following recipients | the following message to
            """
        ),
    ),
    Format(
        "apache james",
        texts=phrases(
            """
            error message below | failed recipient(s) | hi. this is the james mail server at
            """
        ),
        start=phrases(
            """
            failed recipient | unable to deliver | following address
            """
        ),
        stop=phrases(
            """
            error message: | the original message
            """
        ),
    ),
    Format(
        "mailfoundry, powermta, sendgrid, opsmail, x1-x6",
        texts=phrases(
            """
            unable to deliver message to: | this is an automatically generated |
            the original message was received | hello, this is the mail server on |
            i am sending you this message to inform you on the delivery status |
            the message cannot be delivered to the following address | the message was undeliverable |
            we had trouble delivering your message | the following recipients returned permanent errors |
            delivery report | failed to deliver your message | can't deliver | message was not delivered to |
            your message was automatically rejected | was automatically rejected |
            has encountered delivery problems | there was an error sending your mail
            """
        ),
        start=phrases(
            """
            following address | delivery failed | permanent errors | unable to deliver message to
            """
        ),
    ),
    Format(
        "docomo, au, ezweb, kddi, softbank, biglobe, nifty",
        headers=(
            ("from", "@ezweb.ne.jp"),
            ("from", "@au.com"),
            ("from", "@docomo.ne.jp"),
            ("from", "@softbank"),
            ("from", ".biglobe.ne.jp"),
            ("x-spasign", "ng"),
        ),
        texts=phrases(
            """
            each of the following recipients was rejected by a remote mail server |
            the user(s) account is disabled | the user(s) account is temporarily limited |
            the following recipients did not receive this message | could not be delivered to: < |
            次のあて先へのメッセージはエラーのため送信できませんでした | 送信できませんでした |
            配信できませんでした | 送信に失敗しました | 宛先に送信できません | メールが送れませんでした |
            m-filter
            """
        ),
        start=phrases(
            """
            following recipients | could not be delivered to | 送信に失敗 | 送信できません | 配信できません
            """
        ),
        stop=phrases(
            """
            -------server message
            """
        ),
    ),
    Format(
        "fml and other lists",
        headers=(("x-mlserver", "fml"),),
        texts=phrases(
            """
            you are not a member of this mailing list | you are not allowed to post | duplicated message-id in |
            loop alert | some illegal or virus | your mail to this list is rejected |
            has been rejected by the list
            """
        ),
        stop=phrases(
            """
            if you know the general guide | please send mail | for more information | to the address
            """
        ),
        reason="policy",
    ),
    Format(
        "verizon, vtext, sms gateways",
        headers=(("from", "post_master@vtext.com"), ("from", "@vzwpix"), ("from", "sysadmin@vzwpix")),
        texts=phrases(
            """
            could not be delivered to mobile | error: message to |
            the message could not be delivered to the mobile | your message could not be sent |
            undeliverable message
            """
        ),
    ),
    Format(
        "facebook",
        headers=(("from", "@facebook"),),
        texts=phrases(
            """
            we could not deliver your message to
            """
        ),
    ),
    Format(
        "163, qq, sina, sohu, tencent",
        headers=(
            ("from", "postmaster@163"),
            ("from", "postmaster@qq"),
            ("from", "@sina.com"),
            ("from", "postmaster@vip."),
        ),
        texts=phrases(
            """
            邮件无法发送到 | 邮件发送失败 | 无法投递 | 退信 | 抱歉，您的邮件被退回 | 被退回 | 无法发送到 |
            您的邮件 | 郵件無法
            """
        ),
        start=phrases(
            """
            收件人 | 无法发送到指定的地址 | 邮件无法 | 退信地址
            """
        ),
    ),
)
