import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.events.names import schema_name, snake
from skywrite.warehouse.naming import Spelling, column_name, table_name

PLAIN = Spelling(127, frozenset())

# The whole table of the reference, 2.3: input, slug.
CASES = {
    "sample_text": ["sample text", "sample-text", "sample_text", "sample___text", "sampleText"],
    "sample_2_text": ["sample 2 Text", "SAMPLE 2 TEXT", "   $#$sample   2    Text   "],
    "sam_ple_text": ["samPLE text"],
    "invite_your_customers_add_invites": ["inviteYourCustomersAddInvites"],
    "base64_encode": ["___$$Base64Encode"],
    "something_com": ["something.com"],
    "something": ["$something%"],
    "foo": ["•¶§ƒ˚foo˙∆˚¬", "foo_"],
    "foo_bar_baz": ["FOO:BAR$BAZ", "FOO#BAR#BAZ"],
    "cstring_ref": ["CStringRef"],
    "5test": ["5test", "5TEst", "_5TEst", "@%#&5TEst"],
    "test5": ["test5"],
    "the5r": ["THE5r"],
    "edf_6n": ["edf_6N"],
    "f_p_x9": ["f_pX9"],
    "p_z9_rg": ["p_z9Rg"],
    "2fa_enabled": ["2FA Enabled"],
    "enabled_2fa": ["Enabled 2FA"],
    "49l0s145_fw_h_0tslnvp": ["@49L0S145_¬fwHƒ0TSLNVp"],
    "lk0_b_b_fmjr_lq_z6yl": ["lk0B@bFmjrLQ_Z6YL"],
    "signed_up": ["Signed Up"],
    "account_type": ["accountType"],
    "context_app_version": ["context.app.version"],
    "product_id_sku": ["product_id.sku"],
    "address_street": ["address.street"],
    "user_id": ["userId", "userID", "UserID"],
    "id": ["_id", "__id", "$id", "ID"],
    "first_name": ["firstName", "FirstName", "first-name", "FIRST_NAME"],
    "firstname": ["firstname"],
    "i_phone": ["iPhone"],
    "i_os_app": ["iOS App"],
    "i_osversion": ["iOSVersion"],
    "e_commerce": ["eCommerce"],
    "htmlparser": ["HTMLParser"],
    "get_httpresponse": ["getHTTPResponse"],
    "page_url": ["pageURL"],
    "url": ["URL"],
    "ipaddress": ["IPAddress"],
    "ip_address": ["ipAddress"],
    "ipv6": ["IPv6"],
    "o_auth2_token": ["oAuth2Token"],
    "a_b": ["aB"],
    "ab": ["AB"],
    "abc": ["ABc"],
    "a_bc": ["aBC"],
    "x1_y2": ["x1Y2"],
    "a1_b2c3": ["a1B2c3"],
    "v2beta": ["V2Beta"],
    "v2_beta": ["v2Beta"],
    "item1_name": ["item1Name"],
    "item_1_name": ["item 1 Name"],
    "step_2done": ["Step 2Done"],
    "step2_done": ["Step2Done"],
    "foo_bar": ["foo__bar", "foo_Bar"],
    "price_usd": ["price_USD"],
    "sku_123": ["SKU-123"],
    "viewed_page_pricing": ["Viewed Page: /pricing"],
    "don_t_stop": ["Don't Stop"],
    "e_mail": ["e-mail", "E-Mail", "eMail"],
    "email": ["email"],
    "caf": ["Café"],
    "ber_uns": ["Über uns"],
    "na_ve": ["naïve"],
    "stra_e": ["straße"],
    "order": ["注文 Order"],
    "ordered_item": ["Ordered 💰 Item"],
    "1_5": ["1.5"],
    "123": ["123"],
    "0a": ["0A"],
    "": ["注文完了", "\uff21\uff22\uff23", "!!!", "_", "   ", "", "\ud800"],
}


@pytest.mark.parametrize(("slug", "name"), [(slug, name) for slug, names in CASES.items() for name in names])
def test_the_routine_gives_the_slug_of_the_reference(slug: str, name: str) -> None:
    assert snake(name) == slug


def by_the_sentence(name: str) -> str:
    """The reference's own words, over bytes: greedy matches of [A-Z0-9]*[a-z0-9]*, all other bytes skipped."""
    words, raw = [], name.encode("utf-8", "surrogatepass")
    upper, lower = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), set(b"abcdefghijklmnopqrstuvwxyz0123456789")
    at = 0
    while at < len(raw):
        end = at
        while end < len(raw) and raw[end] in upper:
            end += 1
        while end < len(raw) and raw[end] in lower:
            end += 1
        if end > at:
            words.append(raw[at:end].decode().lower())
        at = max(end, at + 1)
    return "_".join(words)


names = st.text() | st.text("aBc9Z_ .é")


@given(names)
def test_the_routine_is_the_sentence_of_the_reference(name: str) -> None:
    assert snake(name) == by_the_sentence(name)


@given(names)
def test_the_routine_is_idempotent(name: str) -> None:
    assert snake(snake(name)) == snake(name)


@given(st.lists(names, min_size=1, max_size=5))
def test_snaking_each_key_of_a_path_is_snaking_the_path(path: list[str]) -> None:
    assert "_".join(filter(None, map(snake, path))) == snake(".".join(path))


@pytest.mark.parametrize(
    ("event", "table"),
    [
        ("Signed Up", "signed_up"),
        ("users", "_users"),
        ("Tracks", "_tracks"),
        ("Identifies", "_identifies"),
        ("101 Account Update", "_101_account_update"),
        ("Select", "_select"),
        ("../x", "x"),
        ('"; drop table', "drop_table"),
        ("🎉", ""),
    ],
)
def test_an_event_has_the_table_of_the_reference(event: str, table: str) -> None:
    assert table_name(event, Spelling(127, frozenset({"select"}))) == table


def test_columns_keep_clear_of_digits_and_reserved_words() -> None:
    spelling = Spelling(127, frozenset({"order"}))
    assert column_name("order", spelling) == "_order"
    assert column_name("1_5", spelling) == "_1_5"


def test_schemas_keep_clear_of_a_leading_digit() -> None:
    assert (schema_name("my-site"), schema_name("3doctors"), schema_name("注文")) == ("my_site", "_3doctors", "")


def test_long_names_are_cut_to_the_engines_length_and_never_meet() -> None:
    one, other = table_name("a" * 2000 + "x", PLAIN), table_name("a" * 2000 + "y", PLAIN)
    assert len(one) == len(other) == 127
    assert one != other
    assert table_name("a" * 127, PLAIN) == "a" * 127


@given(st.lists(names, max_size=30))
def test_two_events_share_a_table_only_by_their_slug(events: list[str]) -> None:
    spelling = Spelling(12, frozenset({"order", "a"}))
    tables = {table_name(event, spelling): snake(event) for event in events}
    assert all(tables[table_name(event, spelling)] == snake(event) for event in events)
