"""How bounces that follow no standard are written, as data: how to know each, where its recipients stand.

Addresses are found by the same few shapes of line in all of them (`notices`), so that a row holds marks only. To teach
the reader another writer is to add a row (docs/mail-reading.md). Here stand mail servers and the largest providers; the
others, which are tried after them, in `formats_others`.
"""

from msgspec import Struct

from skywrite.channels.email.reading.words import phrases


class Format(Struct, frozen=True):
    """One writer. Any of `headers` (name, part) or `texts` tells it; recipients stand between `start` and `stop`."""

    name: str
    headers: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    bare_names: bool = False  # it names mailboxes of its own domain without the domain
    reason: str | None = None  # what it means where neither code nor words say


FORMATS: tuple[Format, ...] = (
    Format(
        "qmail",
        texts=phrases(
            """
            this is the qmail-send program | this is the mail delivery agent at |
            this is the machine generated message from mail service | qmail-send |
            unable to deliver message to the following address |
            unable to deliver your message to the following address |
            i wasn't able to deliver your message to the following |
            was not able to deliver your message to the following |
            we were unable to deliver your message to the following address |
            your mail message to the following address(es) could not be delivered | muhterem alici |
            su mensaje no pudo ser entregado
            """
        ),
        start=phrases(
            """
            to the following address | could not be delivered | i've given up. sorry it didn't work out |
            this is a permanent error | no pudo ser entregado
            """
        ),
    ),
    Format(
        "exim",
        headers=(("x-failed-recipients", "@"),),
        texts=phrases(
            """
            this message was created automatically by mail delivery software |
            this message was created automatically by the mail system |
            a message that you sent could not be delivered |
            a message that you sent contained one or more recipient addresses that were incorrectly |
            a message that you sent contained no recipient addresses | a message sent by < |
            the following address(es) failed | nachricht konnte nicht zugestellt werden an
            """
        ),
        start=phrases(
            """
            following address(es) failed | following addresses failed | following address failed |
            following address has failed | failed: | incorrectly constructed | this is a permanent error. |
            одному или нескольким получателям
            """
        ),
        stop=phrases(
            """
            рекомендуем вам | this address has been ignored
            """
        ),
    ),
    Format(
        "sendmail",
        texts=phrases(
            """
            the following addresses had permanent fatal errors |
            the following addresses had transient non-fatal errors |
            the following addresses had delivery problems |
            the following addresses have delivery notifications | the following addresses had delivery errors |
            the following addresses had successful delivery notifications | transcript of session follows |
            transcript of session is unavailable | -----unsent message follows | unsent message follows
            """
        ),
        start=phrases(
            """
            permanent fatal errors | delivery problems | delivery errors | fatal errors |
            transcript of session follows
            """
        ),
    ),
    Format(
        "postfix",
        texts=phrases(
            """
            this is the mail system at host | this is the postfix program at host |
            i'm sorry to have to inform you that your message could not be delivered |
            i'm sorry to have to inform you that the message | this is the smtp server program
            """
        ),
        start=phrases(
            """
            the mail system | the postfix program | the smtp server program | undelivered message
            """
        ),
    ),
    Format(
        "opensmtpd",
        texts=phrases(
            """
            this is the mailer-daemon, please do not reply to this e-mail
            """
        ),
        start=phrases(
            """
            following list of recipients
            """
        ),
    ),
    Format(
        "dragonfly",
        texts=phrases(
            """
            this is the dragonfly mail agent | there was an error delivering your mail to
            """
        ),
    ),
    Format(
        "courier",
        texts=phrases(
            """
            this is a delivery status notification from | delivery report for your mail message |
            the original message was received on | unable to deliver your message to the following addresses
            """
        ),
        start=phrases(
            """
            mail to the following recipients | undeliverable mail | delivery failed
            """
        ),
    ),
    Format(
        "exchange 5.5, 2000, 2003",
        headers=(("x-mailer", "internet mail service"), ("x-ms-embedded-report", "")),
        texts=phrases(
            """
            did not reach the following recipient |
            your message did not reach some or all of the intended recipients |
            the following recipient(s) could not be reached | the following recipient(s) cannot be reached |
            ihre nachricht hat einige oder alle der vorgesehenen empfänger nicht erreicht |
            folgende empfänger konnten nicht erreicht werden |
            votre message n'a pas été remis à certains ou à tous les destinataires |
            le ou les destinataires suivants n'ont pas pu être joints |
            su mensaje no ha llegado a algunos o ninguno de los destinatarios |
            impossibile recapitare il messaggio ad alcuni o tutti i destinatari |
            uw bericht is niet bij alle of sommige geadresseerden aangekomen |
            some or all of the recipients did not receive
            """
        ),
        start=phrases(
            """
            did not reach the following recipient | could not be reached | cannot be reached |
            konnten nicht erreicht werden | n'ont pas pu être joints
            """
        ),
    ),
    Format(
        "exchange 2007 and later, office 365",
        headers=(("x-ms-exchange-message-is-ndr", ""), ("x-ms-exchange-crosstenant-fromentityheader", "never")),
        texts=phrases(
            """
            delivery has failed to these recipients | your message couldn't be delivered |
            your message wasn't delivered | diagnostic information for administrators | generating server: |
            wasn't found at | couldn't be delivered to |
            fehler bei der nachrichtenzustellung an folgende empfänger |
            échec de la remise à ces destinataires | no se pudo entregar a estos destinatarios |
            no se pudo entregar el mensaje a estos destinatarios | falha na entrega a estes destinatários |
            recapito non riuscito per i seguenti destinatari | kan niet worden bezorgd bij deze geadresseerden |
            次の受信者または配布リストへの配信に失敗しました | 传递以下收件人失败
            """
        ),
        start=phrases(
            """
            failed to these recipients | couldn't be delivered | wasn't delivered |
            diagnostic information for administrators | an folgende empfänger | à ces destinataires |
            a estos destinatarios | a estes destinatários
            """
        ),
        stop=phrases(
            """
            original message headers | ursprüngliche nachrichtenkopfzeilen | en-têtes du message d'origine
            """
        ),
    ),
    Format(
        "gmail",
        texts=phrases(
            """
            delivery to the following recipient failed permanently |
            delivery to the following recipients failed permanently |
            delivery to the following recipient has been delayed |
            delivery to the following recipients has been delayed |
            delevery to the following recipients failed permanently | the following message to < |
            address not found your message wasn't delivered | your message wasn't delivered to |
            there was a problem delivering your message to | technical details of permanent failure |
            technical details of temporary failure | google groups
            """
        ),
        start=phrases(
            """
            failed permanently | has been delayed | wasn't delivered to | delivering your message to
            """
        ),
        stop=phrases(
            """
            technical details of
            """
        ),
    ),
    Format(
        "outlook.com, hotmail",
        texts=phrases(
            """
            this is an automatically generated delivery status notification |
            delivery to the following recipients failed | delivery to the following recipient failed |
            delivery to the following recipients has been delayed
            """
        ),
        start=phrases(
            """
            recipients failed | recipient failed | has been delayed
            """
        ),
    ),
    Format(
        "yahoo, aol",
        texts=phrases(
            """
            sorry, we were unable to deliver your message to the following address |
            your mail to the following recipients could not be delivered | message from yahoo |
            the user(s) account is temporarily over quota
            """
        ),
        start=phrases(
            """
            following address | following recipients
            """
        ),
        bare_names=True,
    ),
    Format(
        "domino, notes",
        headers=(("x-mailer", "lotus domino"), ("subject", "delivery failure:")),
        texts=phrases(
            """
            your message subject: | was not delivered to: | could not be delivered because |
            message could not be delivered to | failure reasons | failure reports |
            not listed in domino directory | not listed in public name & address book | no fue entregado a: |
            n'a pas été distribué à | wurde nicht übermittelt an | が配信されませんでした
            """
        ),
        start=phrases(
            """
            was not delivered to: | failure reports | could not be delivered to |
            ------- failure reasons -------
            """
        ),
        stop=phrases(
            """
            what should you do | received:
            """
        ),
    ),
    Format(
        "groupwise",
        headers=(("x-mailer", "groupwise"),),
        texts=phrases(
            """
            the attached file had the following undeliverable recipient |
            the message that you sent was undeliverable to the following
            """
        ),
        start=phrases(
            """
            undeliverable recipient | undeliverable to the following
            """
        ),
        bare_names=True,
    ),
    Format(
        "communigate, stalker",
        headers=(("x-mailer", "communigate"),),
        texts=phrases(
            """
            failed to deliver to ' | module(local) reports | module(smtp) reports | failed to accept message
            """
        ),
    ),
    Format(
        "imail, smtp32",
        headers=(("x-mailer", "<smtp32"), ("x-mailer", "smtp32"), ("x-mailer", "imail")),
        texts=phrases(
            """
            undeliverable to | body of message generated response | rcpt to generated following response |
            unknown user: | user mailbox exceeds allowed size:
            """
        ),
    ),
    Format(
        "mailenable, mdaemon, merak, surgemail",
        headers=(
            ("x-mailer", "mailenable"),
            ("from", "mdaemon@"),
            ("x-mdaemon-deliver-to", ""),
            ("x-mailer", "surgemail"),
        ),
        texts=phrases(
            """
            message could not be delivered to some recipients |
            the following recipient(s) could not be reached |
            the attached message had permanent fatal delivery errors |
            the attached message could not be delivered | failed permanently |
            there is no user by that name at this server | no such user here |
            the message could not be delivered to the following | session transcript follows
            """
        ),
        start=phrases(
            """
            could not be reached | fatal errors | fatal delivery errors | transcript follows
            """
        ),
    ),
)
