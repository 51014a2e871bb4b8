"""What mail clients write around what they quote, as data: attributions, header names, dividers, signatures."""

# ruff: noqa: RUF001 - words and marks of other languages

from skywrite.channels.email.reading.words import phrases

# How a line that introduces a quote begins ("On Monday, ... wrote:"), and the words near its end.
OPENERS = phrases(
    """
    on | at | in a message dated | in an email dated | quoting | am | im auftrag von | von | den | de | le |
    el | el día | em | no dia | il | il giorno | in data | op | d. | på | pe | dne | dňa | w dniu | dnia |
    dana | в | вт, | пн, | ср, | чт, | пт, | сб, | вс, | на | στις | ב | في | vào | pada | tarihinde
    """
)
VERBS = phrases(
    """
    wrote | writes | said | schrieb | schreibt | hat geschrieben | folgendes geschrieben | a écrit | a ecrit |
    écrit | escribió | escribio | escribía | va escriure | escreveu | ha scritto | scrive | scritto | schreef |
    geschreven | skrev | skriver | följande | kirjoitti | napisał | napisał(a) | napisała | pisze | napsal |
    napsal(a) | napísal | napísal(a) | írta | a scris | napisao je | je napisao | je napisal | yazdı |
    şunları yazdı | написал | написал(а) | написала | написав | написав(ла) | пишет | пише | написа | έγραψε |
    kirjutas | rakstīja | rašė | viết | đã viết | menulis | のメール | 書きました | のメッセージ | 写道 | 寫道 |
    작성 | 작성함 | 님이 작성 |
    כתב | כתב/ה | كتب | เขียน
    """
)

# The names of the header lines that Outlook and others put above what they quote.
FROM = phrases(
    """
    from | von | de | da | van | från | fra | lähettäjä | od | feladó | от | від | από | kimden | gönderen |
    expéditeur | remitente | mittente | afzender | avsändare | avsender | afsender | nadawca | odesílatel |
    odosielateľ | expeditor | de la | 差出人 | 发件人 | 寄件者 | 寄件人 | 보낸 사람 | 보낸사람 | מאת | من | จาก |
    từ | dari
    """
)
OTHERS = phrases(
    """
    sent | date | to | cc | bcc | subject | reply-to | reply to | importance | attachments | sent at | sent on |
    when | gesendet | datum | an | betreff | kopie | antwort an | gesendet am | envoyé | envoyé le | à | a |
    objet | sujet | copie à | répondre à | enviado | enviado el | enviado em | enviada | enviada em | fecha |
    para | asunto | assunto | data | inviato | oggetto | per conto di | verzonden | aan | onderwerp | skickat |
    till | ämne | sendt | til | emne | dato | lähetetty | vastaanottaja | aihe | päiväys | kopio | wysłano |
    wysłane | do | temat | dw | odesláno | komu | předmět | odoslané | dátum | predmet | kópia | elküldve |
    címzett | tárgy | másolat | trimis | către | subiect | отправлено | кому | тема | дата | копия | надіслано |
    στάλθηκε | προς | θέμα | ημερομηνία | gönderildi | kime | konu | tarih | bilgi | 送信日時 | 宛先 | 件名 | 日時 |
    送信 |
    发送时间 | 发送日期 | 收件人 | 抄送 | 主题 | 日期 | 寄件日期 | 收件者 | 主旨 | 보낸 날짜 | 받는 사람 | 제목 |
    날짜 | 받는사람 | נשלח | אל | נושא |
    تاريخ | إلى | الموضوع | ngày | đến | chủ đề | kepada | tanggal
    """
)

# A line that holds only this (between dashes or underscores) opens the mail that is answered.
DIVIDERS = phrases(
    """
    original message | original email | original appointment | forwarded message | forwarded mail |
    begin forwarded message | reply message | reply above this line | please reply above this line |
    ursprüngliche nachricht | originalnachricht | weitergeleitete nachricht |
    anfang der weitergeleiteten nachricht | message d'origine | message original | message transféré |
    début du message réexpédié | début du message transféré | mensaje original | mensaje reenviado |
    inicio del mensaje reenviado | mensagem original | mensagem encaminhada | mensagem reencaminhada |
    messaggio originale | messaggio inoltrato | inizio messaggio inoltrato | oorspronkelijk bericht |
    doorgestuurd bericht | begin doorgestuurd bericht | ursprungligt meddelande | originalmeddelande |
    vidarebefordrat meddelande | opprinnelig melding | oprindelig meddelelse | videresendt meddelelse |
    videresendt melding | alkuperäinen viesti | välitetty viesti | wiadomość oryginalna | oryginalna wiadomość |
    treść przekazanej wiadomości | původní zpráva | přeposlaná zpráva | pôvodná správa | eredeti üzenet |
    továbbított üzenet | mesaj original | mesajul original | orijinal mesaj | özgün ileti | исходное сообщение |
    пересылаемое сообщение | пересланное сообщение | оригінальне повідомлення | αρχικό μήνυμα | 元のメッセージ |
    転送されたメッセージ | 原始邮件 | 原始郵件 | 转发邮件 | 原邮件 | 원본 메시지 | 원본 메일 | הודעה מקורית |
    الرسالة الأصلية | thư gốc
    """
)

# How a phone or a program signs; the line and what stands below it is no longer the person's.
SIGNATURES = phrases(
    """
    sent from my | sent from mail for windows | sent from outlook | sent from yahoo | sent from samsung |
    sent from a | sent from the | sent with | sent via | sent using | sent by | sent on the go |
    get outlook for | download outlook for | gesendet von meinem | von meinem iphone gesendet |
    von meinem ipad gesendet | gesendet von mail | gesendet mit | diese nachricht wurde von meinem |
    envoyé de mon | envoyé depuis | envoyé à partir de | obtenir outlook | télécharger outlook |
    enviado desde mi | enviado desde | enviado do meu | enviado a partir | enviado pelo | enviado via |
    obtener outlook | inviato da | inviato dal mio | verzonden vanaf mijn | verstuurd vanaf mijn |
    verzonden met | outlook voor | skickat från min | skickat från | sendt fra min | sendt fra | lähetetty |
    wysłane z | wysłano z | odesláno z | odoslané z | küldve a | trimis de pe | iphone'umdan gönderildi |
    ipad'imden gönderildi | отправлено с | отправлено из | надіслано з | στάλθηκε από | iphoneから送信 |
    ipadから送信 |
    从我的 | 发自我的 | 發自我的 | 發送自我的 | 나의 iphone에서 보냄 | nadesłane z |
    von meinem | mit meinem | inviato con | enviado con | enviado com | envoyé avec | sendt med | skickat med |
    posted from |
    typed on my | written on my | mailed from | sent while | this email was sent from | this message was sent from |
    [sent from | (sent from | verzonden via | verstuurd met | wysłane przez | enviat des | iphone から送信 |
    androidから送信 | 寄自我的 |
    来自我的 | 전송: | gönderildi | trimis din | отправлено через | відправлено з
    """
)
