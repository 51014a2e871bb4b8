"""Words by which servers say that there is no such mailbox, in many languages: a row of `reason_words`."""

# ruff: noqa: RUF001 - words and marks of other languages

from skywrite.channels.email.reading.words import phrases

UNKNOWN = phrases(
    """
    account or domain may not exist | no longer has a mailbox | user unknown | unknown user |
    unknown local user | unknown local part | unknown local-part | unknown recipient |
    unknown address | unknown mailbox | unknown account | unknown name | recipient unknown |
    recipient is unknown | addressee unknown | address unknown | mailbox unknown | account unknown |
    user is unknown | user * is unknown | user * unknown | local user unknown | recipient * unknown |
    no such user | no such person | no such mailbox | no such recipient | no such account |
    no such address | no such local user | no such email | no such name | no such a user |
    no such member | no such alias | nosuchuser | no user by that name | no users by that name |
    there is no user by | no mailbox here by that name | no mailbox by that name | no mailbox found |
    no mailbox on server | no account by that name | no account here | no mailbox | no local mailbox |
    no valid recipient | no valid mailbox | not a known user | not a valid user |
    not a valid mailbox | not a valid recipient | not a local user | not known at this |
    not known here | not our customer | not listed in * directory | non répertorié |
    nicht * verzeichnis | not listed in public name | not found in directory | not in directory |
    not on file | not registered here | user not found | user not known | user * not found |
    user does not exist | user doesn't exist | user * does not exist | user * doesn't exist |
    user doesn't have a | user does not have a | user invalid | user name * does not match |
    user not exist | user non-existent | user unavailable | non-existent user | nonexistent user |
    mailbox not found | mailbox does not exist | mailbox doesn't exist | mailbox * does not exist |
    mailbox * not found | mailbox not available | mailbox is invalid | mailbox invalid |
    mailbox not exist | mailbox has been deleted | recipient not found | recipient not recognized |
    recipient does not exist | recipient doesn't exist | recipient * not found |
    recipient * does not exist | recipient * not exist | recipient address rejected: user |
    recipient address rejected: undeliverable | recipient address rejected: unknown |
    recipient address rejected: invalid | recipient address rejected: no such |
    recipient address unknown | recipientnotfound | 5.4.1 recipient address rejected |
    5.4.1 * access denied | as(2018062 | recipient not exists | recipient no longer on server |
    recipient name is not recognized | recipient is not local | recipient is invalid |
    invalid recipient | invalid receiver | invalid mailbox | invalid address | invalid user |
    invalid email address | invalid local address | address not found | address wasn't found |
    address couldn't be found | address does not exist | address doesn't exist |
    address * does not exist | address * doesn't exist | address * couldn't be found |
    address invalid | address is not valid | address not present | address not known |
    account not found | account does not exist | account * does not exist |
    account that you tried to reach does not exist | account doesn't exist | account * deleted |
    account deleted | account not available | account is unavailable | account is not available |
    account unavailable | account has been closed | bad destination mailbox | bad destination email |
    bad address | bad recipient | can't find that user | cannot find user | could not find user |
    does not exist here | not exist in | is not a known | is not registered | not a valid address |
    no_such_user | invalid userid | invalid * userid | invalid user address | invalid local part |
    dosn't exist | could not find address | unable to find recipient | unable to find user |
    resolver.adr.recipnotfound | resolver.adr.recipientnotfound | resolver.adr.exrecipnotfound |
    p=nosuchuser | answer=6596 | answer/6596 | unrouteable address | unroutable address |
    not our user | 000c05a6 | chkusr | check the address | check the recipient's e-mail address |
    e-mail address you entered | delivery to this address is restricted to |
    destination user unknown | this address no longer accepts mail | address is unknown |
    rcpt to * not exist | undeliverable address | undeliverable recipient | utilisateur inconnu |
    destinataire inconnu | destinataire * n'existe pas | adresse * n'existe pas |
    adresse d au moins un destinataire invalide | destinataire invalide | adresse * inconnue |
    boîte * n'existe pas | empfänger unbekannt | unbekannter empfänger | empfänger existiert nicht |
    empfänger * nicht gefunden | empfänger * unbekannt | adresse existiert nicht |
    postfach existiert nicht | benutzer unbekannt | unbekannter benutzer | usuario desconocido |
    usuario inexistente | usuario no existe | usuario * no existe | destinatario desconocido |
    destinatario * no existe | dirección * no existe | no existe * usuario | cuenta * no existe |
    utente sconosciuto | destinatario sconosciuto | utente * non esiste | indirizzo * non esiste |
    casella * inesistente | usuário inexistente | usuário desconhecido | destinatário inexistente |
    conta inexistente | onbekende gebruiker | gebruiker onbekend | adres bestaat niet |
    okänd användare | okänd mottagare | ukendt bruger | ukjent bruker | tuntematon vastaanottaja |
    nieznany użytkownik | użytkownik * nie istnieje | neznámý uživatel | uživatel neexistuje |
    ismeretlen felhasználó | пользователь не найден | пользователя не существует |
    пользователь * не существует | нет такого пользователя | не существует |
    недоступен или не существует | неизвестный пользователь | адресат не найден |
    e-mail-adresse * nicht gefunden | verzeichnis * aufgeführt | adresse de messagerie * introuvable |
    ne figure pas dans | destinataire introuvable | no se encontró la dirección | no figura en |
    no se ha encontrado * dirección | impossibile trovare l'indirizzo | non trovato nella directory |
    não foi possível localizar o endereço | endereço * não foi encontrado | usuário não encontrado |
    e-mailadres * niet * gevonden | hitta e-postadressen | mailadresse blev ikke fundet |
    finner ikke e-postadressen | e-postadressen * ble ikke funnet | sähköpostiosoitetta ei löytynyt |
    nie można odnaleźć | nie znaleziono * adresu | nie ma takiego | brak takiego |
    adresa nebyla nalezena | adresa sa nenašla | cím nem található | címzett nem található |
    adresi bulunamadı | не удалось найти * адрес | адрес * не найден | не вдалося знайти * адрес |
    εύρεση της διεύθυνσης | nu a fost găsită | adresa * nije pronađena | לא נמצאה | العثور على عنوان |
    アドレスが見つかりません | 找不到您输入的 | 找不到您輸入的 | 找不到收件人 |
    找不到 * 电子邮件地址 | 找不到 * 電子郵件地址 | 주소를 찾을 수 없 | kullanıcı bulunamadı |
    宛先 * 見つかりません | メールアドレスが見つかりません | メールアドレスが見つからない |
    ユーザが存在しません | 存在しない | 存在しません | 宛先不明 | 該当する宛先 | 收件人不存在 |
    用户不存在 | 用户未找到 | 邮箱不存在 | 帐号不存在 | 账号不存在 | 不存在的 | 無此使用者 |
    查無此人 | 수신자 * 없음 | 존재하지 않 | 사용자 * 찾을 수 없 | not our user |
    empfaenger unbekannt | unbekannter empfaenger | no such address here | no such address |
    no address | inactive email address | user * unknown or | recipient no longer on server |
    does not have an account | doesn't have an account | local mailbox * unavailable |
    does not exist - | nicht bekannt | neexistuje | ei ole olemassa | mottagaren finns inte |
    findes ikke | finnes ikke | bulunamadı | tidak ditemukan | không tồn tại
    """
)
