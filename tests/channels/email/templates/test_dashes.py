import pytest

from skywrite.channels.email.templates.dashes import as_liquid

TRAITS = ("first_name", "Company")


@pytest.mark.parametrize(
    ("source", "liquid"),
    [
        ("Hi --First Name=there--,", 'Hi {{ contact["first_name"] | default: "there" }},'),
        ("--Company=your company--", '{{ contact["Company"] | default: "your company" }}'),
        ("--Last Name--", '{{ contact["lastName"] }}'),
        ("--lastName=x--", '{{ contact["lastName"] | default: "x" }}'),
        ("--Email--", "{{ contact.email }}"),
        ('--Name=say "hi"--', '{{ contact["name"] | default: \'say "hi"\' }}'),
        ("<!-- a comment -->", "<!-- a comment -->"),
        ("<!--First Name-->", "<!--First Name-->"),
        ("var(--color--x)", "var(--color--x)"),
        ("a--b--c", "a--b--c"),
        ("2019--2020", "2019--2020"),
        ("----------", "----------"),
    ],
)
def test_a_dash_token_is_liquid_with_a_default(source: str, liquid: str) -> None:
    assert as_liquid(source, TRAITS) == liquid
