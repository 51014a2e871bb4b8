import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.kit.errors import Refused
from skywrite.sources.names import check_schema, is_reserved, schema_for

ID = "src_7Hq2mZb1T0yKe9Lw"


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("AutopilotHQ", "autopilothq"),
        ("Customer.io", "customerio"),
        ("My Web Site", "my_web_site"),
        ("my  web - site", "my_web_site"),
        ("iOS (prod)", "ios_prod"),
        ("Web_App", "web_app"),
        ("  Web  ", "web"),
        ("9 lives", "_9_lives"),
        ("Café", "caf"),
        ("🦆", "source_7hq2mzb1t0yke9lw"),
        ("---", "source_7hq2mzb1t0yke9lw"),
        ("main", "source_main"),
        ("information_schema", "source_information_schema"),
        ("PG catalog", "source_pg_catalog"),
        ("_Skywrite", "skywrite"),
        ("Warehouse", "source_warehouse"),
        ("Memory!", "source_memory"),
        ("select", "_select"),
        ("Order", "_order"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_name_gives_its_schema(name: str, schema: str) -> None:
    assert schema_for(name, ID, ()) == schema


def test_a_taken_schema_gets_a_number() -> None:
    assert schema_for("Web", ID, {"web"}) == "web_2"
    assert schema_for("Web", ID, {"web", "web_2", "web_3"}) == "web_4"


@given(st.text(max_size=100), st.sets(st.sampled_from(["web", "web_2", "a", "b", "source_x"])))
def test_every_name_gives_a_schema_that_can_be_used(name: str, taken: set[str]) -> None:
    schema = schema_for(name, ID, taken)
    check_schema(schema)
    assert schema not in taken
    assert not is_reserved(schema)


@pytest.mark.parametrize(
    "schema", ["Web", "9a", "a b", "", "x" * 61, "main", "warehouse", "order", "_skywrite_x", "pg_x", "a;b", 'a"']
)
def test_a_schema_that_cannot_be_one_is_refused(schema: str) -> None:
    with pytest.raises(Refused) as refused:
        check_schema(schema)
    assert refused.value.where == "schema"


def test_a_long_name_that_begins_with_a_digit_gives_a_schema_that_can_be_used() -> None:
    schema = schema_for("1" * 80, "src_1", ())
    check_schema(schema)
    assert schema == "_" + "1" * 59
