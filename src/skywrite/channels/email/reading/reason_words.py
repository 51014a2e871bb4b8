"""Words by which servers say why mail comes back, as data, in many languages: reason -> phrases (docs/mail-reading.md).

The first row that fits decides, so what is specific stands above what is general.
"""

from skywrite.channels.email.reading.unknown_words import UNKNOWN
from skywrite.channels.email.reading.words import phrases

WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "loop",
        phrases(
            """
            too many hops | hop count exceeded | mail loop | message loop | loops back to myself |
            routing loop | loop detected | mail forwarding loop | too many received | exceeded maximum hop |
            config error: mail loops | message looping | duplicated message-id
            """
        ),
    ),
    (
        "rate",
        phrases(
            """
            exceeded their limit for the number | reached your daily limit | high volume of |
            sending quota | sending limit | sending rate | user is receiving mail at a rate |
            receiving mail too quickly | receiving mail at a rate | messages per hour | messages per day |
            recipients per day | recipients per hour | recipients this hour | recipients today |
            messages this hour | ib607 | maximum hourly | maximum daily | unusual rate | rate limited |
            rate limit | rate-limit | ratelimit | throttl
            """
        ),
    ),
    (
        "too_big",
        phrases(
            """
            message size exceeds | message size limit exceeded | mail size limit | message exceeds * size |
            message is too large | message too large | message too big | message is too big |
            message file too big | exceeds size limit | exceeded * size limit | exceeds * size limit |
            exceeds maximum size | exceeds * maximum message size | exceeds * maximum size | max message size |
            message size limit | message length exceeds | message header size | larger than * limit |
            exceeds fixed maximum | size exceeds * limit | message size is larger | message was too large |
            messages larger than | too large for the recipient | line too long to fit | nachricht * zu gross |
            nachricht ist zu groß | message trop volumineux | mensaje demasiado grande | mensagem muito grande |
            messaggio troppo grande | letter is too big | サイズが大きすぎ | サイズ制限 | 邮件过大 | 邮件大小超过 |
            письмо слишком большое
            """
        ),
    ),
    (
        "full",
        phrases(
            """
            over * quota | exceed * quota | quota * exceed | quota violation | quota full | quota is full |
            quota reached | out of quota | overquota | over-quota | disk quota | mailbox full |
            mailbox is full | mailbox too full | mailbox is too full | mailbox * is full | mail box * full |
            mail box space not enough | space not enough | mailfolder is full | mail folder is full |
            mail file full | inbox is full | inbox full | account is full | user is full |
            user has too many messages | zuviele mails | zu viele mails | too many messages in mailbox |
            too many messages on this mailbox | too much mail data | too much mail | has exhausted * quota |
            has exceeded * storage | exceeded * storage | exceeds * storage | exceeded the space |
            exceeded the local limit | exceeded its * limit | exceed mailbox | exceeded maximum inbox |
            mailbox size exceeds | mailbox size limit | mailbox exceeds | mailbox has exceeded |
            exceeds the maximum mailbox size | exceeded the maximum * mailbox | insufficient disk |
            insufficient storage | insufficient system storage | not enough storage | no space left |
            not enough * space | not have enough space | out of disk | out of storage | out of space |
            lack of disk space | disk full | disk space exceeded | storage full | storage limit |
            exceeded allowed space | allocated space | p=overquota | answer=6558 | answer=6592 | answer/6592 |
            maildir * full | maildir over quota | delivery failed: over quota | would exceed mailbox |
            was automatically rejected: quota | mailbox for user is full | recipient storage full |
            recipient reached disk quota | the user's space has been used up | used up all | space has been used up |
            message would exceed | exceeds allowed message count | capacity * exceeded | postfach * voll |
            postfach ist überfüllt | mailbox ist voll | speicherplatz * erschöpft | boîte * pleine |
            boite * pleine | quota dépassé | quota depasse | buzón * lleno | buzon * lleno | casilla * llena |
            casilla de correo * llena | cuota * excedida | cuota excedida | casella * piena |
            caixa postal cheia | caixa * cheia | postvak * vol | mailbox vol | skrzynka * pełna |
            skrzynka * przepełniona | переполнен | ящик * полон | превышена квота | メールボックスが一杯 |
            メールボックスがいっぱい | postlåda är full | postkasse er fuld | postboks er full |
            postilaatikko on täynnä | postafiókja megtelt | schránka * plná | γραμματοκιβώτιο * πλήρες |
            cutia poștală * plină | 사서함이 꽉 | 容量を超え | 容量がいっぱい | 邮箱已满 | 邮箱空间不足 |
            信箱已滿 | 容量不足 | kutusu dolu | 메일함이 * 가득 | 보관함 용량 초과
            """
        ),
    ),
    (
        "moved",
        phrases(
            """
            has moved | address has changed | no longer at this address | new address is | new e-mail address |
            new email address | please try < | please try forward-path | user has moved to |
            has been replaced by | ha cambiado de dirección | hat * neue adresse | a changé d'adresse
            """
        ),
    ),
    (
        "paused",
        phrases(
            """
            temporarily disabled | temporarily suspended | temporarily locked | temporarily inactive |
            temporarily deactivated | temporarily blocked | temporarily unavailable mailbox |
            account temporarily | mailbox temporarily | on vacation hold | mailbox is currently being moved |
            user account is being
            """
        ),
    ),
    (
        "disabled",
        phrases(
            """
            mailbox disabled | mailbox is disabled | mailbox * disabled | mailbox inactive |
            mailbox is inactive | mailbox has been suspended | mailbox suspended | mailbox is locked |
            mailbox locked | mailbox is frozen | mailbox frozen | mailbox expired | mailbox has expired |
            mailbox is not active | mailbox currently suspended | account disabled | account is disabled |
            account * disabled | account inactive | account is inactive | account * inactive |
            account suspended | account * suspended | account is locked | account locked | account expired |
            account has expired | account * expired | account is not active | account not active |
            account deactivated | account * deactivated | account * discontinued | account closed |
            account * closed | account is blocked | account blocked | account has been blocked |
            account * cancelled | account * terminated | account was removed | user suspended |
            user is suspended | user inactive | user is inactive | inactive user | inactive account |
            inactive recipient | user disabled | user is disabled | disabled recipient | recipient is disabled |
            recipient suspend | recipient is suspended | recipient * suspended | recipient disabled |
            recipient * inactive | email account * disabled | address disabled | address is disabled |
            address no longer active | address is no longer active | no longer active | no longer in use |
            no longer available | no longer accepting mail | no longer valid | no longer employed |
            no longer works | no longer with | not active | is dormant | dormant account | has been suspended |
            is suspended | suspended | p=disableduser | p=inactiveuser | answer/6596?p=disabled |
            has not been activated | is deactivated | been deactivated | been disabled | is currently disabled |
            casilla ha expirado | ha expirado por falta de uso | cuenta * deshabilitada | cuenta * suspendida |
            konto * deaktiviert | konto ist gesperrt | konto gesperrt | postfach * gesperrt |
            compte * désactivé | compte * suspendu | conta * desativada | conta inativa | conta * suspensa |
            account disattivato | учетная запись * заблокирована | ящик * заблокирован | ящик * отключ |
            аккаунт * заблокирован | アカウント * 停止 | 利用停止 | 帐户 * 停用 | 账号 * 停用 | account frozen
            """
        ),
    ),
    (
        "sender",
        phrases(
            """
            callback setup failed | callout verification failed | sender address rejected | sender rejected |
            sender denied | sender is not allowed | sender not allowed | sender * not found |
            sender verify failed | sender verification failed | verification failed for < |
            callout verification failed | sender domain | domain of sender | sender's domain |
            sender address has been blacklisted | unroutable sender | unrouteable sender | bad sender |
            invalid sender | sender unknown | your name was rejected | my name was rejected |
            return path * invalid | envelope sender | from address * not allowed | backscatter protection |
            mail from command * rejected | message from unknown sender | not accepting mail from |
            configured to reject mail | not accept mail from | does not accept mail from |
            rejecting mail from | invalid domain name | does not resolve sender
            """
        ),
    ),
    (
        "reputation",
        phrases(
            """
            too many invalid recipients | too many unknown recipients | too many bad recipients |
            too many invalid users | too many unknown users
            """
        ),
    ),
    ("user_unknown", UNKNOWN),
    (
        "no_mail",
        phrases(
            """
            null mx | nullmx | does not accept mail | does not accept email | indicated no smtp service |
            mx or srv record indicated no smtp | mail domain does not accept | this domain does not receive |
            no longer accepts mail | doesn't accept mail
            """
        ),
    ),
    (
        "domain",
        phrases(
            """
            nonexistentdomain | nonexistent domain | non-existent domain | host unknown | unknown host |
            host not found | host name lookup failure | host or domain name not found | host * not found |
            no such domain | no such host | domain not found | domain does not exist | domain doesn't exist |
            domain * does not exist | domain * not found | domain name not found | domain invalid |
            invalid domain | invalid host | domain is not valid | domain not exist | unknown domain |
            domain unknown | bad destination host | bad destination system | illegal host/domain name |
            unrouteable mail domain | unroutable mail domain | unrouteable domain | unroutable domain |
            nxdomain | dns error: nxdomain | domain name * could not be resolved | name or service not known |
            no such host is known | all relevant mx records point to non-existent | non-existent host |
            couldn't find any host | could not find any host | couldn't find a mail exchanger |
            find any host by that name | no matches to nameserver query | nameserver query | no a records |
            no mx record | no mx or a record | with no data: no mx | no mail hosts | the domain * isn't |
            recipient's domain | unresolvable domain | domain part of * not | domain is not reachable |
            domain is not available | check the domain | domaine inconnu | domaine inexistant |
            domain existiert nicht | unbekannte domain | dominio no existe | dominio inexistente |
            dominio desconocido | domínio inexistente | домен не найден | домен не существует |
            ドメインが見つかりません | 域名不存在
            """
        ),
    ),
    (
        "virus",
        phrases(
            """
            virus | malware | trojan | worm detected | infected | phishing | malicious | harmful |
            blocked attachment | attachment * not allowed | attachment * blocked | illegal attachment |
            forbidden attachment | prohibited attachment |
            potential security issue | security policy violation | executable | blocked file type
            """
        ),
    ),
    (
        "authentication",
        phrases(
            """
            dmarc | dkim | unauthenticated email | unauthenticated mail | not authenticated |
            fails to pass authentication | failed authentication checks | authentication checks |
            authentication failure | sender policy framework | spf fail | spf check | spf record | spf - |
            _spf_ | spf) | (spf | openspf | open-spf | sender id | reverse dns | reverse mapping |
            reverse lookup | rdns | ptr record | no ptr | ptr: | invalid helo | helo command rejected | forged |
            spoofed | spoofing | arc validation | answer/81126#authentication | iprev |
            client host rejected: cannot find your | cannot find your hostname
            """
        ),
    ),
    (
        "reputation",
        phrases(
            """
            unfortunately, messages from | blocklist | block list | blacklist | black list | black-list |
            blocklisted | denylist | spamhaus | spamcop | sorbs | barracudacentral | barracuda reputation |
            uribl | surbl | dnsbl | _rbl | rbl_ | (ib | senderbase | senderscore | sender score | cloudmark |
            invaluement | proofpoint dynamic reputation | poor reputation | bad reputation | low reputation |
            reputation | listed at | listed in | listed by | is listed | banned | blocked using | blocked by |
            block using | has been blocked | been blocked | is blocked | are blocked | ip blocked |
            ip address blocked | refused your connection | service refused | (s3140) | (s3150) | s3150 |
            s3140 | s775 | s844 | as3140 | tss04 | tss05 | tss06 | tss09 | tss11 | too many bad |
            too many invalid | too many unknown | too many recipients unknown | client host rejected |
            client host blocked | client host * blocked | connection refused by policy | dynamic ip |
            dynamic pool | dynamic address | residential ip | ip address * rejected | cxbl | cxmxrt | ipbl |
            ib1xx | access from ip address | mail from ip | sender ip | подозрительный ip |
            ip-адрес * заблокирован | gesperrt | sperrliste | liste noire | lista negra | aup# |
            as a relay (banned) | in the pbl | in the xbl | spamhaus pbl | (con:b | (dyn: | (rly: | (rtr: |
            (hvu: | [bl2 | [ph01] | [ts0 | [tss | suspected bounce | suspected spam ip | bad sender ip |
            ip frequency | poor reputation sender | dns block | dns-bl | open proxy | open relay | botnet |
            access from your ip | your ip address is | your ip has | 554 rbl
            """
        ),
    ),
    (
        "spam",
        phrases(
            """
            spam | unsolicited | bulk mail | bulk email | junk mail | suspicious | content filter |
            content rejected | content reject | message content | message looks | message contains |
            url is listed | url listed | blacklisted url | rejected by * filter | probable spam |
            considered unwanted | rejected due to content | high-probability | rule imposed mailbox access |
            message rejected due to content | rejected for content | rejected by content | dt:spm | hvu:b |
            спам | スパム | 迷惑メール | 垃圾邮件 | 垃圾郵件 | correo no deseado | unerwünscht | indésirable
            """
        ),
    ),
    (
        "rate",
        phrases(
            """
            too many connections | too many concurrent | too many sessions | too many simultaneous |
            too many messages | too many emails | too many mails | too many recipients | too frequent |
            too fast | too quickly | connection limit | connection rate | connections exceeded |
            maximum connections | maximum number of connections | exceeded the maximum number |
            exceeds * frequency | frequency limited | slow down | greylist | graylist | greylisted |
            grey listed | mail flood | flood | rp-001 | 4.7.28 | deferred due to user complaints |
            temporarily deferred | temporarily rate | please try again later |
            frequency limited | sending activity | too many errors | too many invalid commands |
            connection frequency | sent too many |
            too many mail
            """
        ),
    ),
    (
        "relay",
        phrases(
            """
            relay access denied | relaying denied | relay denied | relaying not | relay not permitted |
            relaying is prohibited | relay is prohibited | relaying prohibited | unable to relay |
            not permitted to relay | not allowed to relay | not authorized to relay | no relaying |
            we do not relay | not a gateway | not in my * locals | rcpthosts | not a mail relay | cannot relay |
            recipient domain must match | is not permitted for relay | mail server requires authentication |
            authentication required |
            as a relay | relay not allowed | unable to relay recipient | tenantattribution | relaying to |
            relay recipient
            """
        ),
    ),
    (
        "policy",
        phrases(
            """
            policy | policies | not authorized | not authorised | not permitted | not allowed | unauthorized |
            access denied | permission denied | prohibited | forbidden | administratively | rejected by header |
            header checks | members-only | non-member | only accepts mail from | only accepts messages from |
            accepts messages only from | restricted | restriction | moderator | approval |
            accept mail only from | denied by | denied | blocked | closed mailing list | header error |
            rejected by * rule | transport rule | transport.rules | resolver.rst | violat | disallowed |
            richtlinie | politique | política | политик |
            administrative prohibition | manually blocked | anti-spoofing | rejected by recipient |
            rejected by the recipient |
            rejected by destination | recipient preferences | local policy | not accepted for policy |
            automatically rejected | email rejected due to | server requires confirmation |
            security policies | suspicious activity | content denied | access rule | custom rule | sender not in
            """
        ),
    ),
    (
        "expired",
        phrases(
            """
            retry time | retry timeout | timeout exceeded | delivery time expired | delivery time * expired |
            delivery expired | message expired | envelope expired | expired | in the queue too long |
            has been in * queue | too long in queue | too old | could not be delivered for |
            could not be delivered within | not delivered within | not be delivered within | undeliverable for |
            after multiple retries | after several attempts | delivery attempts | maximum delivery attempts |
            delivery failed * attempts | failed * attempts | tried * times | been trying | giving up |
            given up | gave up | retries exceeded | retry limit | max retry | queue lifetime | timed out |
            time out | timeout | timed-out | zeitüberschreitung | délai * dépassé | tiempo * agotado
            """
        ),
    ),
    (
        "network",
        phrases(
            """
            connection refused | connection reset | connection dropped | connection was dropped |
            connection lost | connection failed | connection failure | connection closed | connection error |
            connection terminated | connection attempt | lost connection | broken pipe | no route to host |
            network is unreachable | network unreachable | network error | host is unreachable |
            host unreachable | host is down | unable to connect | cannot connect | could not connect |
            couldn't connect | can't connect | failed to connect | not responding | did not respond |
            no response | not reachable | unable to contact | unable to reach | could not reach |
            smtp conversation | establish an smtp connection | server did not accept our requests |
            not accept our requests to connect | name service error | dns lookup failure | dns lookup |
            temporary lookup failure | dns error | dns problem | name server | lookup error |
            domain must resolve | starttls | tls handshake | tls required | tls is required | ssl_ |
            certificate
            """
        ),
    ),
    (
        "content",
        phrases(
            """
            rfc 5322 | rfc5322 | rfc 2822 | rfc2822 | rfc 822 | 8-bit | 8bit | non-ascii | bare lf | bare cr |
            bare newline | bare line | malformed message | headers fail | improper use of | duplicate header |
            missing header | multiple 'from' | mime error | invalid mime | conversion required |
            encoding not | charset not | message format | message rejected | message refused | mail rejected |
            message blocked
            """
        ),
    ),
    (
        "system",
        phrases(
            """
            local configuration error | internal error | internal server error | internal software error |
            internal system error | system error | service unavailable | service not available |
            service is unavailable | service temporarily | temporary failure | temporary error |
            temporary problem | temporary system problem | temporarily unavailable | temporarily unable |
            try again later | try later | not currently accepting | not accepting network messages |
            not accepting messages | out of memory | command died with status | command failed |
            command output | unknown mailer error | mailer error | child status | could not write |
            cannot open | i/o error | error writing | pipe to | pipe delivery | local delivery failed |
            transport error | deferred | queue file | procmail | exit status
            """
        ),
    ),
    (
        "protocol",
        phrases(
            """
            syntax error | malformed address | command unrecognized | command not recognized |
            unrecognized command | command not implemented | bad sequence | protocol error |
            remote protocol error | must issue | command rejected | invalid parameter | unbalanced
            """
        ),
    ),
)

# Words that say something only where neither a code nor clearer words do.
FAINT_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("full", phrases("quota")),
    (
        "user_unknown",
        phrases(
            """
            address rejected | mailbox unavailable | recipient address rejected | recipient rejected |
            recipient refused |
            mailbox name not allowed | user not local
            """
        ),
    ),
    (
        "user_unknown",
        phrases(
            """
            não existe | no existe | n'existe pas | non esiste | existiert nicht | bestaat niet |
            nie istnieje | nem létezik | mevcut değil | 不存在 | check if address is correct |
            address is correct | correct address | does not exist | doesn't exist | not found |
            could not be found | couldn't be found | is not known | not recognized | unknown | not exist |
            inexistente | inconnu | unbekannt | desconocido | sconosciuto
            """
        ),
    ),
)
