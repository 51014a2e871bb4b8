"""Words that only people write in an answer, as data: with them near its beginning no wording makes a mail automatic.

They are compared with the bare words of a text, without punctuation.
"""

from skywrite.channels.email.reading.words import phrases

# Requests and questions to us, and answers to what we wrote.
ANSWERS = phrases(
    """
    _yes_ | _yep_ | _yeah_ | _sure_ | no thanks | no thank you | _let's_ | _let me_ | _let us meet | could you |
    could we | would you | shall we | should we | _can i_ | could i_ | please send | please resend |
    please call me | please book | please cancel | please take | please put | please give | please tell |
    please confirm | please deliver | please ship | please stop | please don't | please change | please add me |
    please add us | send me | send us | send it | send two | call me | ring me | phone me | tell me | email me |
    write to me | contact me | give me | book me | sign me | sign us | put me | i'd like | i would like |
    we'd like | would love | i'd love | we'd love | _love_ | like your | like the | like it | _i like |
    we like | i want | we want | i need | we need | i'll take | we'll take | i will take | we will take |
    i'll order | will order | will pay | i think | we think | i hope | i guess | i agree | we agree | i accept |
    i never | i ordered | we ordered | i bought | i saw | i found | i paid | i'm sure | interested |
    sounds good | sounds great | sounds fine | looks good | looks great | looks fine | good idea | happy to_ |
    be happy | be great | count me in | count us in | go ahead | how much | how many | but now | the offer |
    your offer | my order | our order | the invoice | your invoice | the second | the first one | the parcel |
    your parcel | ja bitte | ja gern | _ja ich | _ja wir | aber ja | ja das | nein danke | hätte gern |
    hätten gern | hätte ich | würde gern | würden gern | möchte | möchten wir | wir möchten | können sie mir |
    können sie bitte | könnten sie | könnten wir | können wir | kannst du | könntest du | wollen wir |
    sollen wir | würden sie | schicken sie mir | schicken sie uns | senden sie mir | senden sie uns |
    schick mir | schickt mir | rufen sie mich | ruf mich | rufen sie bitte | bitte schicken | bitte senden |
    bitte liefern | bitte buchen | bitte streichen | ich brauche | wir brauchen | brauchen wir | ich finde |
    ich glaube | ich denke | ich hoffe | ich nehme | wir nehmen die | wir nehmen das | nehmen wir | nehme ich |
    lass uns | lassen sie uns | klingt gut | einverstanden | interesse | _gefällt | _gefallen |
    meine bestellung | unsere bestellung | die rechnung | ihre rechnung | ihr angebot | das angebot | _oui_ |
    pouvez vous | pourriez vous | peux tu | pourrais tu | pouvons nous | pourrions nous | envoyez moi |
    envoyez nous | envoie moi | appelez moi | rappelez moi | appelle moi | je voudrais | nous voudrions |
    j'aimerais | nous aimerions | je souhaite | nous souhaitons | j'ai besoin | j'adore | j'aime | je pense |
    je prends | je veux | d'accord | _intéress | votre offre | la facture | ma commande | notre commande |
    _sí_ | podría | podrías | puede enviar | puedes | podemos | envíeme | envíame | envíenos | envíen |
    mándame | llámame | llámeme | _quiero_ | queremos | quisiera | me gustaría | nos gustaría | me gusta |
    me encanta | necesito | necesitamos | me interesa | nos interesa | de acuerdo | creo que | la factura |
    mi pedido | su oferta | _sì_ | potrebbe | potreste | potresti | può inviar | _puoi_ | possiamo | mi mandi |
    mi invii | mandami | mi chiami | chiamami | vorrei | vorremmo | mi piace | mi piacciono | mi interessa |
    ci interessa | ho bisogno | va bene | penso che | la fattura | il mio ordine | _sim_ | poderia |
    pode enviar | pode me_ | me envie | envie me | me ligue | ligue me | me liga | _quero_ | gostaria |
    gostaríamos | gostei | adoro | adorei | preciso | precisamos | acho que | a fatura | meu pedido |
    kunt u mij | kunt u ons | kunt u het | kun je | kunnen we | kunnen wij | zou u | zou je | ik wil |
    wij willen | we willen | ik zou | stuur mij | stuur me_ | bel mij | bel me_ | ik denk | ik vind | ja graag |
    akkoord | laten we | de factuur | mijn bestelling | kan du | kan ni | kan vi | ring mig | ring meg |
    jag vill | vi vill | jag tycker | jag skulle | jeg vil gerne | jeg vil gjerne | vi vil gerne |
    vi vil gjerne | jeg synes | skicka | send mig | send meg | ja tack | ja takk | ja tak_ | låter bra |
    lyder godt | lyder bra | fakturan | fakturaen | _czy może | proszę przysłać | proszę wysłać |
    proszę o przesłanie | chciałbym | chciałabym | chcielibyśmy | _chcę | _chcemy | podoba mi |
    moje zamówienie | _ano_ | můžete mi | můžete nám | mohli byste | mohl byste | pošlete | zavolejte mi |
    chtěl bych | chtěla bych | chceme | líbí | voisitko | voitteko | voisitteko | haluaisin | haluamme |
    soita minulle | lähettäkää | lähetä minulle | _igen_ | szeretnék | szeretnénk | hívjon | _evet_ | beni ara |
    bana | isterim | istiyorum | istiyoruz | _да_ | давайте | могли бы | пришлите | вышлите | позвоните мне |
    перезвоните | хочу | хотим | хотел | нравится | мне нужн | нам нужн | согласен | согласна | согласны |
    интересует | думаю | надішліть | зателефонуйте мені | хотіли | はい | 欲しい | ほしい | 購入 | 注文 |
    いただけま | 教えて | 电话给我 | 打给我 | 给我 | 请发 | 请寄 | 请把 | 能否 | 可以吗 | 我想 | 我要 | 我们想 |
    我们要 | 好的 | 感兴趣 | 喜欢 | 보내 주 | 보내주 | 싶습니다 | 좋습니다 | _do you_ | _are you_ | _have you_ |
    _can you_ | _can we_ | we would like a_ | we would like an_ | we would like one_ | we would like two |
    we would like the_ | we would like your | we would like it_ | we would like some | we would like more |
    we would like that | we would like this | we would like to order | we would like to buy |
    we would like to try | we would like to have | we would like to know | we would like to see |
    we would like to meet | we would like to book | we would like to get | we would like to use | nos gusta |
    not for us | not now | already have | bitte an meine | my parcel | our parcel
    """
)

# Words by which a person speaks of himself.
FIRST_PERSON = phrases(
    """
    _i_ | _i'm_ | _i've_ | _i'll_ | _i'd_ | _my_ | _me_ | _ich_ | _mir_ | _mich_ | _mein | _je_ | _j' |
    _j'ai_ | _mon_ | _moi_ | _m'_ | _yo_ | _mi_ | _io_ | _mio_ | _mia_ | _eu_ | _meu_ | _minha_ | _ik_ |
    _mij_ | _mijn_ | _jag_ | _mig_ | _jeg_ | _meg_ | _mitt_ | _ja_ | _mnie_ | _mně_ | _minä_ | _minun_ |
    _én_ | _ben_ | _benim_ | _я_ | _мне_ | _меня_ | _мой_ | _моя_ | _мені_ | 我 | 私 | 저는 | 제가
    """
)
