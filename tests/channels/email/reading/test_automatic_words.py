"""Answers without any other sign: a person's words stay a person's, a program's are known, in many languages."""

# ruff: noqa: E501, RUF001 - words of other languages, each in one line

import pytest

from skywrite.channels.email.reading import read
from skywrite.channels.email.reading.automatic import begins_automatically


def an_answer(text, subject="Re: New pods"):
    head = f"From: Ayla <ayla@example.net>\nTo: r0123@reply.shop.example\nSubject: {subject}\n"
    head += "In-Reply-To: <0123abcd@shop.example>\nContent-Type: text/plain; charset=utf-8\n"
    return f"{head}\n{text}\n".encode()


PEOPLE = [
    "The office is closed on Friday, so could we meet Monday instead? Bob",
    "I will get back to you within the week, let me ask my boss first.",
    "Received your parcel and will pay tomorrow.",
    "Thanks! I am on holiday in Spain and love your photos.",
    "Hi, my mailbox is no longer broken, so please resend the invoice.",
    "we got your request, and yes we would love a demo on Tuesday.",
    "I think your ticket has been lost - can you send it again?",
    "Was this sent automatically? I never signed up, please call me.",
    "Your mail was held in quarantine by our IT, but now I have it: yes, please book me in.",
    "I'm out of the office until Thursday, the blue one suits us best.",
    "I am on vacation until Monday. Put two aside, I pick them up on Tuesday.",
    "I received your email and will get back to you within a few days.",
    "Our office is closed until January. Deliver after that, thanks.",
    "We are on holiday until the 12th and the neighbours take parcels.",
    "I'm on maternity leave until June but still read your newsletter with joy!",
    "Your message was held in quarantine. I only see it today, sorry.",
    "My colleague Ann no longer works here. I took over her account, tell me what you need.",
    "Ann has left the company. From now on I handle the orders. We stay with the small plan.",
    "Thanks, it arrived broken. I am on vacation until Monday.",
    "This is an automated message, isn't it? Talk to me like a human.",
    "The address is no longer valid, we moved to Main Street 4. Ship there.",
    "My request has been received twice by you it seems, I got two invoices.",
    "I'm currently travelling with limited access to my email, so just go with option B.",
    "I am away this week and Ann decides. She wants it.",
    "Nobody at our place reads this any more, the inbox is not monitored. Mail Ann, can you?",
    "Ich bin im Urlaub und finde das Angebot super!",
    "Wir haben Ihre Nachricht erhalten und sind dabei.",
    "Ich bin bis Montag nicht im Büro, schicken Sie es bitte an meine Kollegin.",
    "Ihre E-Mail wurde automatisch erstellt, oder? Ich will mit einem Menschen reden.",
    "Das Büro ist geschlossen, legen Sie das Paket vor die Tür.",
    "Ich bin derzeit im Ausland und kaufe erst im Herbst wieder.",
    "Frau Brun ist nicht mehr bei uns tätig, ich bin ihre Nachfolgerin und nehme das Abo gern weiter.",
    "Je suis en congé jusqu'au 12, mais oui, envoyez le devis.",
    "Bonjour, je suis absent demain, on peut se voir jeudi ?",
    "Merci, bien reçu votre message, je passe samedi.",
    "Estoy de vacaciones y me encanta la foto del martes.",
    "Hola, estoy de viaje hasta el lunes, mándame dos.",
    "Hemos recibido su correo y nos gusta la propuesta.",
    "Sono in ferie, ma sì, mi interessa.",
    "Estou de férias até sexta, mas quero dois.",
    "Ik ben met vakantie, maar stuur mij er twee.",
    "Jag är på semester men vill gärna ha två.",
    "Jeg er på ferie, men det lyder godt.",
    "Olen lomalla, mutta haluaisin kaksi.",
    "Jestem na urlopie, ale chcę dwa.",
    "Jsem na dovolené, ale ano, pošlete dva.",
    "Я в отпуске, но да, пришлите два.",
    "İzindeyim ama evet, iki tane istiyorum.",
    "出張中ですが、2つ購入したいです。",
    "我正在休假，不过我想要两个。",
    "휴가 중이지만 두 개 보내 주세요.",
    "Your ticket has been a great joy to my son, thank you!",
    "Our account is protected by a password that nobody knows any more.",
    "I'm on sick leave, the order can wait.",
    "Thank you for contacting us. The second version is wrong: the logo is too small.",
    "We have received your message and discussed it in the board: no.",
    "We received your email. It is not for us.",
    "Thanks for reaching out, but we already have a supplier.",
    "Thank you for contacting us! Not now, maybe next year.",
    "no longer with us, he died in May. Remove him from your list.",
    "My father is no longer with us. He passed away in May.",
    "I'm on vacation until Friday. The second option looks best.",
    "I am out of the office today. My assistant pays the invoice.",
    "Ich bin im Urlaub bis Freitag. Die Schuhe passen leider nicht.",
    "Ich bin bis Freitag im Urlaub. Die Schuhe gehen zurück an Sie.",
    "Je suis en congé maternité. Les chaussures sont trop petites.",
    "Estoy de vacaciones hasta el lunes. Los zapatos no llegaron.",
    "Sono in ferie fino a lunedì. Le scarpe non sono arrivate.",
    "Estou de férias até segunda. Os sapatos não chegaram.",
    "Ik ben met vakantie tot maandag. De schoenen zijn niet aangekomen.",
    "Jag är på semester till måndag. Skorna har inte kommit.",
    "Я в отпуске до понедельника. Туфли не пришли.",
    "月曜まで休暇中です。靴がまだ届いていません。",
    "我正在休假到周一，鞋子还没有收到。",
    "휴가 중입니다. 신발이 아직 도착하지 않았습니다.",
    "Przebywam na urlopie do poniedziałku. Buty nie doszły.",
    "Hey, out of office until Monday but this made me laugh.",
    "Our office is closed until Monday and nobody signs for parcels.",
    "Hi, Bob has left the company. Is the offer still valid for us?",
    "I no longer work at Example. My private address is a@example.org and I stay a fan.",
    "This was automatically generated by your shop and has the wrong name in it.",
    "Your last newsletter was automatically generated, one can tell. Boring.",
    "The invoice was automatically generated twice.",
    "Ihre Rechnung wurde automatisch erstellt und stimmt nicht.",
    "Votre facture a été générée automatiquement et elle est fausse.",
    "Your mail is held in quarantine at our firm, use the private address.",
    "Your request has been received and approved by the board.",
    "We are out of office supplies. Ten boxes of paper for us.",
    "Das wird bei uns automatisch erzeugt, da müssen Sie nichts tun.",
    "Esto fue enviado automáticamente por error, olvídelo.",
    "I am away until Monday. Monday 10 works.",
    "I will be away on Tuesday. Wednesday is fine.",
    "Currently on leave until Monday. Wednesday fits.",
]


@pytest.mark.parametrize("text", PEOPLE)
def test_no_reply_of_a_person_is_taken_for_automatic(text):
    found = read(an_answer(text))
    assert found.kind == "human_reply"
    assert found.reply_text == text


PROGRAMS = [
    "I am currently out of the office and will return on Monday, May 12. If you need immediate assistance, please contact Ole Brun at ole@kunde.example.\nBest regards,\nLena",
    "Thank you for your message. I am on annual leave until 12 May. I will have no access to my email. In urgent cases please contact Ole.",
    "Hi there,\n\nI'm out of office until Thursday. I'll reply when I'm back.\n\nLena",
    "Thanks for your email. I'm away until Monday with limited access to my emails.",
    "This is an automated response. We will get back to you as soon as possible.",
    "Thank you for contacting us. We have received your message and will respond within 24 hours.",
    "Your request has been received. A ticket has been created.",
    "Lena Kunde is no longer with the company. Please contact ole@kunde.example.",
    "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis einschließlich 12.05. nicht im Büro. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an Ole.\n\nMit freundlichen Grüßen\nLena Kunde",
    "Ich befinde mich bis zum 12. Mai im Urlaub. Danach beantworte ich Ihre Mail gern.",
    "Dies ist eine automatische Antwort.",
    "Bonjour,\nJe suis absent du bureau jusqu'au 12 mai. En cas d'urgence, contactez Ole.\nCordialement",
    "Hola, estoy ausente hasta el 12 de mayo. Para asuntos urgentes contacte con Ole.",
    "Sono fuori ufficio fino al 12 maggio. Per urgenze contattare Ole.",
    "Estou ausente até 12/05.",
    "Ik ben afwezig tot 12 mei.",
    "Jag är på semester till och med 12 maj.",
    "Jeg er på ferie til 12. mai.",
    "Olen lomalla 12.5. saakka.",
    "Przebywam na urlopie do 12 maja.",
    "Jsem na dovolené do 12. května.",
    "Szabadságon vagyok május 12-ig.",
    "Я в отпуске до 12 мая.",
    "12 Mayıs'a kadar izindeyim.",
    "12日まで休暇をいただいております。",
    "我正在休假，12日回来。",
    "휴가 중입니다.",
    "I am on vacation.",
    "I am out of the office.",
    "We received your email and will reply within two business days.",
    "Hello,\n\nI am on parental leave until 1 September and not checking email. My colleague Ole (ole@kunde.example) will help you.",
    "Dear all, I am on holiday until 12 May. I will answer your email after my return.",
    "Thank you for getting in touch. I am currently on annual leave, returning on 12 May.",
    "I'm OOO. This is an automatic reply.",
    "Liebe Absender,\n\nich bin bis zum 12. Mai nicht im Haus und habe keinen Zugriff auf meine E-Mails.",
    "Bonjour, je suis en congés jusqu'au 12 mai. Je répondrai à votre message à mon retour.",
    "Buongiorno, sono assente fino al 12 maggio con accesso limitato alla posta.",
    "Hola, estoy fuera de la oficina y regreso el 12 de mayo.",
    "Vielen Dank für Ihre E-Mail. Frau Kunde ist nicht mehr bei uns tätig. Bitte wenden Sie sich an info@kunde.example.",
    "You have reached an unmonitored mailbox.",
    "This email was automatically generated, please do not reply.",
]


@pytest.mark.parametrize("text", PROGRAMS)
def test_an_answer_that_only_a_program_writes_is_known_without_a_header(text):
    assert read(an_answer(text)).auto_sign == "text"


@pytest.mark.parametrize("text", PROGRAMS)
@pytest.mark.parametrize("more", ["Yes, two of them, please.", "Could you call me?", "Ich möchte zwei davon."])
def test_with_an_answer_or_a_request_to_us_it_is_a_persons(text, more):
    assert read(an_answer(f"{more} {text}")).kind == "human_reply"


@pytest.mark.parametrize(
    ("subject", "automatic"),
    [
        ("Re: Summer picks (on vacation)", False),
        ("AW: Summer picks [Out of office]", False),
        ("RES: Summer picks (Abwesenheit)", False),
        ("Re: Summer picks [Auto-Reply]", True),
        ("Summer picks [Out of office]", True),
        ("Summer picks (on vacation)", True),
    ],
)
def test_brackets_behind_re_may_be_those_of_our_own_subject(subject, automatic):
    assert begins_automatically(subject) is automatic
    assert (read(an_answer("Two of them.", subject)).kind == "auto_reply") is automatic
