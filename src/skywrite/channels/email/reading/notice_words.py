"""The words of bounces in general, as data: who writes them, that mail failed or is late, where the copy begins."""

# ruff: noqa: RUF001 - words of other languages

from skywrite.channels.email.reading.words import phrases

# A line that begins so is where the returned copy begins: nothing from there on says why.
COPIES = phrases(
    """
    --- below this line is a copy | --- below the next line is a copy | --- original message follows |
    --- mensaje original | --- the headers of the message | --- the header of the original message |
    --- undelivered message follows | --- attachment is a copy | --- enclosed is a copy |
    --- the forwarded message | --- este es una copia | --- esta es una copia | --- abaixo desta linha |
    --- copie du message | --- unten folgt eine kopie | --- forwarded message | --- unsent message |
    --- unsent message below | --- returned message | --- message header | --- original message |
    --- rest of header | --- message text follows | --- a copy of the | --- this is a copy |
    --- this is the original | --- enclosed message | --- returned mail | ------ this is a copy |
    ------ a copy of | -----original message | -------original message | ---------- forwarded message |
    -- this is a copy | > original message | a copy of the original message below this line |
    a copy of the original message follows | original message follows | original message headers: |
    original message: | original message header | original mail as follows | original mail follows |
    message headers follow | message header follows | message header: | message headers: |
    message text follows | below is a copy of the original message | below are the message headers |
    headers of the original message | the headers of the original message | the header of the original message |
    the following is a copy of | the following is the header of |
    here is a copy of the first part of the message | included is a copy of the message header |
    content of the original message | header of the original message | the original message headers follow |
    the original message follows | the text of the original message | your message reads |
    your original message | the body of your message | returned message follows | unsent message follows |
    - - original message | old message: | subject of the returned | rfc822 header | received: from |
    received:from | return-path: | ursprüngliche nachricht | nachricht im original | message original |
    en-têtes du message | mensaje original | mensagem original | messaggio originale | копия исходного |
    исходное сообщение | 元のメッセージ | 以下元のメール | 原始邮件 | --- 附件中的内容 |
    what follows is a copy | [<05>] here is listed | below is a copy | possibly truncated original |
    the header and top | message text follows: | here is your returned mail | this is a copy of the headers |
    --- begin message | begin returned message | --- returned message header | the message you sent was |
    begin original message |
    el mensaje original | le message original | oryginalna wiadomość | originalnachricht | dies ist eine kopie |
    es folgt eine kopie | voici une copie
    """
)

# What bounces open with; with a sign of a mail system beside it, a mail that matches no row is still a bounce.
FAILED = phrases(
    """
    could not be delivered | couldn't be delivered | cannot be delivered | can not be delivered |
    can't be delivered | could not deliver | cannot deliver | can't deliver | was not delivered |
    wasn't delivered | not be delivered | has not been delivered | have not been delivered |
    not delivered to | unable to deliver | undeliverable | undelivered | not deliverable | delivery failed |
    delivery has failed | delivery failure | delivery error | failed to deliver | delivery attempt |
    failed permanently | fatal errors | did not reach | could not be sent | could not be reached |
    was rejected | been rejected | was refused | been refused | is returned | being returned | been returned |
    returned to sender | returning message | returned mail | problem delivering | trouble delivering |
    error delivering | delivery problem | error has occurred while attempting to deliver | no such user |
    user unknown | unknown user | mailbox full | mailbox is full | over quota | quota exceeded |
    user not known | doesn't have a | does not exist | no longer in use | konnte nicht zugestellt werden |
    nicht zugestellt | nicht zustellbar | unzustellbar | n'a pas pu être | n'a pas été remis | non remis |
    no pudo ser entregado | no se pudo entregar | no ha podido ser entregado | no se ha podido entregar |
    nao pode ser | não pôde ser entregue | não foi entregue | não foi possível entregar |
    impossibile recapitare | non è stato recapitato | non è stato possibile | niet worden bezorgd |
    niet worden afgeleverd | kunne ikke leveres | kunde inte levereras | nie można dostarczyć |
    nie została dostarczona | nelze doručit | nepodařilo se doručit | nem kézbesíthető | teslim edilemedi |
    не может быть доставлено | не доставлено | не было доставлено | не удалось доставить | недоставлен |
    не вдалося доставити | 送信できません | 配信できません | 配信不能 | 届きません | 送れませんでした |
    无法投递 | 无法送达 | 未能送达 | 发送失败 | 投递失败 | 被退回 | 退信 | 無法傳遞 | 無法遞送 | 전송하지 못 |
    배달되지 | couldn't deliver | not accepted | has not been accepted | message delivery aborted |
    aborted after | bounced | delivery to the following | failed addresses | failed recipients |
    addresses had | addresses were unknown | blocked by our | not been delivered | mailbox unavailable |
    mailbox not found | user not found | was blocked | been blocked | email was stopped |
    message was stopped | nådde inte | nie dotarła | nedorazila | nem érkezett meg | no llegó a | não chegou |
    non è arrivato | niet aangekomen | nicht erreicht | ulaşmadı | rejected your message |
    rejected the message | rejected by | quota | out of storage | mailbox has been disabled |
    unbekannter empfänger | empfänger unbekannt | zurückgewiesen | konnten nicht erreicht werden | rejeté |
    refusé | introuvable | rechazado | devuelto | desconocido | respinto | rifiutato | geweigerd | avvisades |
    odrzucon | отклонен | возвращен | отказано | fehler bei der nachrichtenzustellung | échec de la remise |
    échec de remise | error de entrega | recapito non riuscito | falha na entrega | bezorging * mislukt |
    leveransen misslyckades | kunde inte levereras | postlåda är full | levering * mislykkedes |
    levering mislyktes | toimitus * epäonnistui | nie powiodło się | skrzynka * pełna | se nezdařilo |
    doručenie zlyhalo | kézbesítés nem sikerült | сбой доставки | переполнен | παράδοση απέτυχε |
    livrarea * nu a reușit | isporuka nije uspjela | המסירה נכשלה | فشل التسليم | 配信に失敗 | 未能向 |
    邮箱已满 | 信箱已滿 | 배달하지 못 | 사서함이 꽉
    """
)

SUBJECTS = phrases(
    """
    undeliver | [bounce] | kan inte levereras | niedostarcz | unsolicited bulk email, apparently from you |
    systems bounce | returned mail | returned email | mail returned | delivery status | delivery failure |
    delivery failed | delivery fail | delivery has failed | delivery notification | delivery problem |
    delivery error | delivery report | delivery unsuccessful | delivery delay | delivery incomplete |
    delivery-fail | failed delivery | failed mail | failure delivery | failure notice | failure notification |
    failure to deliver | mail failure | mail delivery | mail error | mail system error |
    mail could not be delivered | message could not be delivered | message not delivered |
    message undeliverable | could not deliver | couldn't be delivered | could not be delivered |
    can't be delivered | cannot be delivered | not delivered | nondeliverable | non-deliver | non deliver |
    nondelivery | error sending your mail | returning message to sender | returned to sender | rejected mail |
    rejected message | message rejected | automatically rejected | unknown user | user unknown |
    address not found | no such user | warning: message | warning: could not send | delayed mail |
    message delayed | delayed: | email delayed | loop alert | non remis | échec de remise |
    échec de la remise | non distribu | non délivr | courrier non | unzustellbar | nicht zugestellt |
    nicht zustellbar | zustellung fehlgeschlagen | fehler bei der zustellung | no se pudo entregar |
    no se puede entregar | no entregado | correo devuelto | error de entrega | devuelto al remitente |
    não entregue | não é possível entregar | falha na entrega | mensagem devolvida | mancato recapito |
    impossibile recapitare | non recapitabile | messaggio non consegnato | onbestelbaar | niet bezorgd |
    kan ikke leveres | det gick inte att leverera | olevererbart | toimittamatta | nie można dostarczyć |
    niedostarczona | nedoručiteln | kézbesíthetetlen | teslim edilemedi | не доставлено | недоставлен |
    не удалось доставить | не вдалося доставити | 送信できません | 配信不能 | 配信できません | メールエラー |
    送信エラー | 未配信 | 配達不能 | 退信 | 投递失败 | 发送失败 | 传递失败 | 无法投递 | 未送达 | 无法送达 |
    退件 | 無法傳遞 | 반송 | 전송 실패 | message you sent blocked | message blocked | blocked message |
    bounced mail | bounce notification | bounce message | mail delivery error | delivery aborted |
    message bounced | mailbox full | over quota | quota exceeded | message refused | undelivrable |
    mail status report | message status | returned to you | unable to deliver | email delivery failure |
    fehlgeschlagen | zustellfehler | rückläufer | retour de courrier | refusé | mensaje rechazado |
    mensaje devuelto | correo no entregado | error en el envío | messaggio respinto | bericht niet |
    ej levererat | ikke leveret | zwrot | niedoręcz | vrácen | går inte att leverera | toimittamaton |
    doručiť | doručení | не удается доставить | сбой доставки | неможливо доставити | δυνατή η παράδοση |
    imposibil de livrat | isporučiti | לא ניתן למסור | تعذر التسليم | 未传递 | 배달할 수 없음 | verzögert |
    verzögerung | remise différée | remise retardée | entrega retrasada | entrega atrasada |
    recapito ritardato | bezorging vertraagd | försenad | forsinket | viivästy | opóźnion | opóźnienie |
    zpožděn | késik | gecikti | задерж | затримк | καθυστ | 配信の遅延 | 配信遅延 | 传递延迟 | 傳遞延遲 |
    배달 지연
    """
)

# Words by which a notice says that it is not the end yet. A delay never becomes a bounce.
DELAYED = phrases(
    """
    this is a warning message only | this is a warning only | warning message only | has been delayed |
    is delayed | was delayed | delivery delayed | delayed mail | delivery is delayed | still being retried |
    will be retried | will retry | will keep trying | will continue to try | will continue trying |
    will try again | continue to attempt | delivery attempts will continue |
    no action is required on your part | has not yet been delivered | not yet been delivered |
    not been delivered yet | you do not need to resend your message | do not need to resend | still trying |
    has been queued for | delivery status notification (delay) | could not send message for past |
    could not be delivered for more than * retried | wird verzögert | verzögert sich | zustellung verzögert |
    a été retardé | est retardé | remise différée | se ha retrasado | entrega demorada | entrega retrasada |
    entrega atrasada | è in ritardo | vertraagd | försenad | доставка * задерж | задерживается |
    задержка доставки | 送信を再試行 | 配信が遅れ | 遅延 | 邮件延迟 | 延迟投递 | 延遲 |
    transient non-fatal errors | still in the queue | has not been delivered yet | persistent transient |
    temporarily undeliverable | delivery has been deferred | message is still | will be attempted |
    further attempts will be |
    we will keep | we will continue | server will continue | retries will continue | not permanent |
    will be notified if | noch nicht zugestellt | wird weiter versucht | weitere zustellversuche |
    est retardé | n'a pas encore été | nouvelles tentatives | todavía no se ha | aún no se ha |
    no se entregó todavía | seguirá intentándose | non è stato ancora | altri tentativi | ainda não foi |
    está atrasad | continuaremos a tentar | nog niet bezorgd | har försenats | levererats ännu |
    ännu inte | er forsinket | endnu ikke | ennå ikke | viivästy | vielä toimitettu | jest opóźnion |
    jeszcze dostarczon | próby dostarczenia będą | zpožděn | dosud nebyla | még nem | késik | gecikti |
    henüz teslim | ещё не доставлено | еще не доставлено | попытки доставки | ще не доставлено |
    καθυστερ | まだ配信されて | 配信が試行 | 邮件延迟 | 尚未送达 | 继续尝试 | 尚未傳遞 | 繼續嘗試 | 아직 배달
    """
)

# Words by which a notice says that a mail arrived. None that a "not" before it would turn round.
ARRIVED = phrases(
    """
    message has been delivered to | message was delivered to | mail has been delivered to |
    mail was delivered to | successfully delivered | delivered successfully | successful delivery |
    erfolgreich zugestellt | nachricht wurde zugestellt | votre message a été remis | bien été remis |
    remis avec succès | entregado correctamente | entregado con éxito | consegnato correttamente |
    entregue com sucesso | levererades | leverans lyckades | успешно доставлен | 正常に配信されました |
    已成功投递 | 已成功送达
    """
)

# Words by which it says that somebody holds a mail to decide, or that a server without such notices has it.
HELD = phrases(
    """
    successfully relayed | no delivery notification was sent | is on hold | been placed on hold | being held |
    been held | is held | was held | was quarantined | been quarantined | in quarantine | pending approval |
    awaits moderator | awaiting approval | requires verification | in quarantäne | zurückgehalten |
    en quarantaine | en cuarentena | in quarantena | в карантин | 隔離 | 隔离
    """
)

# And by which it says that it is the end.
FINAL = phrases(
    """
    permanent error | permanent fatal | failed permanently | permanent failure | giving up | given up |
    not going to try again | no further attempts | will not be retried | could not be delivered after
    """
)

# Who writes bounces: the local part, or a word of the display name.
DAEMONS = phrases(
    """
    mailer-daemon | mailer_daemon | mailerdaemon | maildaemon | mail-daemon | postmaster | post_master |
    poostmaster | mail delivery | mail.delivery | mailer daemon | microsoftexchange | delivery subsystem |
    delivery system | system administrator | systemadministrator | mdaemon | complaints@ | mail-gateway |
    pmdf | sysadmin@ | mail delivery service | mail-delivery | mail administrator | mailadmin | postoffice |
    mailerdemon | mail system | bounce@ | bounces@ | smtp server | mail server | mail router | mmdf |
    mail delivery | no-reply-mailer | interscan | mail gateway | mailgate | daemon@
    """
)

# Names of lines that hold a recipient: "Recipient: <ayla@example.net>".
LABELS = phrases(
    """
    final recipient | final-recipient | recipient address | recipient | rcpt to | error-for |
    failed recipient | intended recipient | to address | original recipient | undeliverable to |
    unknown user | addressed to | unable to deliver message to | user mailbox exceeds allowed size |
    empfänger | destinataire | destinatario | destinatário | geadresseerde | mottagare | odbiorca |
    получатель | адресат | 收件人 | 收件人邮件地址 | 收件者 | 宛先 | あて先 | invalid receiver address |
    invalid recipient | invalid final delivery userid | failed recipient(s) | failed on address |
    failed to deliver to | delivery userid | user not known | no such user | rejected recipient |
    affected recipient | undeliverable recipient | delivery failed to
    """
)

# Words of a sentence that a recipient's address follows; less sure.
BEFORE = phrases(
    """
    deliver | delivered | delivered to | delivery | delivery to | delivering to | deliver to |
    deliver your message to | deliver message to | deliver the message to | delivering your mail to |
    delivering your message to | delivery of your message to | message to | mail to | e-mail to | email to |
    mensaje a | message à | nachricht an | recipient | recipients | reach | reached | addressed to | error |
    errors | attempts | user | address | mailbox | for | account | mailing list | list | group |
    returned permanent errors | delivery failed to | failed to deliver to | following users |
    following recipient(s) | following recipients | destination | you tried to contact | you tried to reach |
    destinatario | destinataire | empfänger an | usuario | utilisateur | benutzer | user known as
    """
)

# Words before an address that is somebody else's: the sender's, or one to write to for help.
FOREIGN = phrases(
    """
    from | by | contact | mailto: | email | e-mail | write to | mail to | help at | support at | sender |
    von | de | от
    """
)
