"""A person's own words: what each client quotes, in each language, is left out; what stands between quotes is kept."""

# ruff: noqa: RUF001 - words of other languages

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.channels.email.reading.replies import own_words, quotes_mail
from skywrite.channels.email.reading.reply_words import DIVIDERS, SIGNATURES

WORDS = "Yes, two of them, please.\n\nTo my office."

ATTRIBUTIONS = [
    "On Mon, Mar 2, 2026 at 10:00 AM Shop <hello@shop.example> wrote:",
    "On Mon, Mar 2, 2026 at 10:00 AM, Shop and all of its people <\nhello@shop.example> wrote:",
    "On 2 Mar 2026, at 10:00, Shop\n<hello@shop.example> wrote:",
    "Am 02.03.2026 um 10:00 schrieb Shop <hello@shop.example>:",
    "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Shop <hello@shop.example>:",
    "Le lun. 2 mars 2026 à 10:00, Shop <hello@shop.example> a écrit :",
    "El lun, 2 mar 2026 a las 10:00, Shop (<hello@shop.example>) escribió:",
    "Em seg., 2 de mar. de 2026 às 10:00, Shop <hello@shop.example> escreveu:",
    "Il giorno lun 2 mar 2026 alle ore 10:00 Shop <hello@shop.example> ha scritto:",
    "Op ma 2 mrt. 2026 om 10:00 schreef Shop <hello@shop.example>:",
    "Op 2 mrt. 2026 om 10:00 heeft Shop <hello@shop.example> het volgende geschreven:",
    "Den mån 2 mars 2026 kl 10:00 skrev Shop <hello@shop.example>:",
    "man. 2. mar. 2026 kl. 10:00 skrev Shop <hello@shop.example>:",
    "ma 2. maalisk. 2026 klo 10.00 Shop (hello@shop.example) kirjoitti:",
    "pon., 2 mar 2026 o 10:00 Shop <hello@shop.example> napisał(a):",
    "po 2. 3. 2026 v 10:00 odesílatel Shop <hello@shop.example> napsal:",
    "Shop <hello@shop.example> ezt írta (időpont: 2026. márc. 2., H, 10:00):",
    "Pe lun., 2 mar. 2026 la 10:00, Shop <hello@shop.example> a scris:",
    "2 Mar 2026 Pzt, 10:00 tarihinde Shop <hello@shop.example> şunu yazdı:",
    "пн, 2 мар. 2026 г. в 10:00, Shop <hello@shop.example>:",
    "Понедельник, 2 марта 2026, 10:00 от Shop <hello@shop.example>:",
    "Στις Δευ 2 Μαρ 2026 στις 10:00 π.μ., ο χρήστης Shop <hello@shop.example> έγραψε:",
    "2026年3月2日(月) 10:00 Shop <hello@shop.example>:",
    "Shop <hello@shop.example> 于2026年3月2日周一 10:00写道：",
    "2026년 3월 2일 (월) 오전 10:00, Shop <hello@shop.example>님이 작성:",
    "---- On Mon, 02 Mar 2026 10:00:00 +0000 Shop <hello@shop.example> wrote ----",
    "2026-03-02 10:00 GMT+01:00 Shop <hello@shop.example>:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("quote", ["> New pods\n> are here", "New pods\nare here"], ids=["marked", "unmarked"])
def test_an_attribution_ends_the_words(attribution, quote):
    text = f"{WORDS}\n\n{attribution}\n\n{quote}\n"
    assert own_words(text, "") == WORDS
    assert quotes_mail(text, "")


OF_ANY_LANGUAGE = [
    "\u202bבתאריך יום ב׳, 2 במרץ 2026 ב-10:00 מאת \u202aShop\u202c <\u202ahello@shop.example\u202c>:\u202c",
    "ในวันที่ จ. 2 มี.ค. 2026 เวลา 10:00 Shop <hello@shop.example> บอกว่า:",
    "Missatge de Shop <hello@shop.example> del dia dl., 2 de març 2026 a les 10:00:",
]


@pytest.mark.parametrize("attribution", OF_ANY_LANGUAGE)
def test_an_address_and_a_time_above_a_quote_are_an_attribution(attribution):
    assert own_words(f"{WORDS}\n\n{attribution}\n\n> New pods\n", "") == WORDS
    assert "New pods" in own_words(f"{WORDS}\n\n{attribution}\n\nNew pods\n", "")


HEADERS = {
    "English": "From: Shop <hello@shop.example>\nSent: Monday, March 2, 2026 10:00 AM\nTo: Ayla\nSubject: New pods",
    "German": "Von: Shop <hello@shop.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: Ayla\nBetreff: New pods",
    "French": "De : Shop <hello@shop.example>\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Ayla\nObjet : New pods",
    "Spanish": (
        "De: Shop <hello@shop.example>\nEnviado el: lunes, 2 de marzo de 2026 10:00\nPara: Ayla\nAsunto: New pods"
    ),
    "Portuguese": (
        "De: Shop <hello@shop.example>\nEnviada em: segunda-feira, 2 de março de 2026\nPara: Ayla\nAssunto: New pods"
    ),
    "Italian": "Da: Shop <hello@shop.example>\nInviato: lunedì 2 marzo 2026 10:00\nA: Ayla\nOggetto: New pods",
    "Dutch": "Van: Shop <hello@shop.example>\nVerzonden: maandag 2 maart 2026 10:00\nAan: Ayla\nOnderwerp: New pods",
    "Swedish": "Från: Shop <hello@shop.example>\nSkickat: den 2 mars 2026 10:00\nTill: Ayla\nÄmne: New pods",
    "Danish": "Fra: Shop <hello@shop.example>\nSendt: 2. marts 2026 10:00\nTil: Ayla\nEmne: New pods",
    "Polish": "Od: Shop <hello@shop.example>\nWysłano: poniedziałek, 2 marca 2026\nDo: Ayla\nTemat: New pods",
    "Russian": "От: Shop <hello@shop.example>\nОтправлено: 2 марта 2026 г. 10:00\nКому: Ayla\nТема: New pods",
    "Japanese": "差出人: Shop <hello@shop.example>\n送信日時: 2026年3月2日 10:00\n宛先: Ayla\n件名: New pods",
    "Chinese": "发件人: Shop <hello@shop.example>\n发送时间: 2026年3月2日 10:00\n收件人: Ayla\n主题: New pods",
    "bold": "*From:* Shop <hello@shop.example>\n*Sent:* Monday\n*To:* Ayla\n*Subject:* New pods",
}


@pytest.mark.parametrize("block", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("rule", ["", "________________________________\n"], ids=["plain", "ruled"])
def test_a_block_of_headers_ends_the_words(block, rule):
    assert own_words(f"{WORDS}\n\n{rule}{block}\n\nNew pods are here.\n", "") == WORDS


@pytest.mark.parametrize("divider", DIVIDERS)
def test_a_divider_ends_the_words(divider):
    assert own_words(f"{WORDS}\n\n-----{divider.title()}-----\nNew pods are here.\n", "") == WORDS


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_phones_signature_is_left_out(signature):
    assert own_words(f"{WORDS}\n\n{signature.capitalize()} phone\n", "") == WORDS


SHAPES = {
    "a quote at the end": (f"{WORDS}\n\n> New pods\n> are here\n", WORDS),
    "a signature": (f"{WORDS}\n-- \nAyla\nExample Ltd\n", WORDS),
    "answers between quotes": (
        "On Mon, 2 Mar 2026 at 10:00, Shop <hello@shop.example> wrote:\n> One?\nYes.\n> Two?\nNo.\n",
        "> One?\nYes.\n> Two?\nNo.",
    ),
    "an answer below": ("> New pods?\n\nYes.\n", "> New pods?\n\nYes."),
    "an answer below a quote with its attribution": (
        "On Mon, 2 Mar 2026 at 10:00, Shop <hello@shop.example> wrote:\n> New pods\n> are here\n\nTwo, please.\n",
        "Two, please.",
    ),
    "GroupWise": (f"{WORDS}\n\n>>> Shop <hello@shop.example> 02.03.2026 10:00 >>>\nNew pods\n", WORDS),
    "a sentence about a phone": (
        "Sent from my desk, as it is easier there.\n\nAyla",
        "Sent from my desk, as it is easier there.\n\nAyla",
    ),
    "a sentence that begins with On": ("On Monday I will order.\nThank you.", "On Monday I will order.\nThank you."),
    "a colon": ("From: what I saw, it is good.\nThanks", "From: what I saw, it is good.\nThanks"),
    "line ends of Windows": ("Yes.\r\nNo.\r\n\r\n> Quote\r\n", "Yes.\nNo."),
    "a forwarded mail": (
        "See below.\n\n---------- Forwarded message ---------\nFrom: Shop\nDate: today\nSubject: New\n\nPods\n",
        "See below.",
    ),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "expected"), SHAPES.values(), ids=SHAPES)
def test_the_rest_is_kept(text, expected):
    assert own_words(text, "") == expected


PAGES = {
    "Gmail": (
        '<div dir="ltr">Yes, two.</div><br><div class="gmail_quote"><div '
        'class="gmail_attr">On Mon Shop wrote:<br></div>'
        '<blockquote class="gmail_quote"><div>New pods</div></blockquote></div>'
    ),
    "Apple Mail": (
        '<html><body>Yes, two.<div><br><blockquote type="cite"><div>On 2 Mar 2026, '
        "Shop wrote:</div>New pods</blockquote></div></body>"
    ),
    "Thunderbird": (
        '<p>Yes, two.</p><div class="moz-cite-prefix">On 02/03/2026 Shop '
        'wrote:</div><blockquote type="cite">New pods</blockquote>'
    ),
    "Outlook on the web": (
        '<div>Yes, two.</div><div id="appendonsend"></div><hr><div '
        'id="divRplyFwdMsg"><b>From:</b> Shop</div><div>New pods</div>'
    ),
    "Outlook": (
        "<p>Yes, two.</p><div style='border:none;border-top:solid #E1E1E1 "
        "1.0pt'><p><b>From:</b> Shop</p></div><p>New pods</p>"
    ),
    "Outlook 2007": (
        "<p>Yes, two.</p><div style='border:none;border-top:solid #B5C4DF "
        "1.0pt'><p><b>From:</b> Shop</p></div><p>New pods</p>"
    ),
    "Outlook for Mac": (
        '<div>Yes, two.</div><span id="OLK_SRC_BODY_SECTION"><div><b>From:</b> Shop</div><div>New pods</div></span>'
    ),
    "Spark": '<div name="messageBodySection">Yes, two.</div><div name="messageReplySection">New pods</div>',
    "Yahoo": '<div>Yes, two.</div><div class="yahoo_quoted"><div>On Monday, Shop wrote:</div><div>New pods</div></div>',
    "Proton": (
        '<div>Yes, two.</div><div class="protonmail_quote">On Monday Shop wrote:<blockquote>New pods</blockquote></div>'
    ),
    "unknown": "<p>Yes, two.</p><p>On Mon, 2 Mar 2026, Shop &lt;hello@shop.example&gt; wrote:</p><p>New pods</p>",
    "styled": "<head><style>p {color: red}</style><title>x</title></head><body><p>Yes,&nbsp;two.</p><!-- no --></body>",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_nodes_that_quote_are_left_out_of_html(page):
    assert own_words("", page) == "Yes, two."


@given(st.text(), st.text())
def test_any_text_has_an_answer(plain, page):
    assert isinstance(own_words(plain, page), str)


@given(st.from_regex(r"[a-z]{1,8}( [a-z]{1,8}){0,5}", fullmatch=True))
def test_a_plain_sentence_is_kept_whole(sentence):
    assert own_words(f"Well, {sentence}!", "") == f"Well, {sentence}!"
