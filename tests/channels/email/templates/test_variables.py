import pytest

from skywrite.channels.email.templates.variables import Known, variable_problems

KNOWN = Known(("firstName", "plan", "address.city", "First Name"), is_transactional=False)


def levels(text: str, known: Known = KNOWN) -> list[str]:
    return [one.level for one in variable_problems(text, "body", known)]


@pytest.mark.parametrize(
    "text",
    [
        "{{ contact.email }} {{ contact.id }} {{ company.name }} {{ broadcast.name }} {{ unsubscribe_url }}",
        '{{ contact.firstName | default: "there" }}',
        '{{ contact["First Name"] | upcase | default: "there" }}',
        "{% if contact.firstName %}{{ contact.firstName }}{% endif %}",
        "{% if contact.firstName and contact.plan %}{{ contact.firstName }}{{ contact.plan }}{% endif %}",
        "{% if contact.plan == 'pro' %}{{ contact.plan }}{% endif %}",
        "{% if contact.plan != blank %}{{ contact.plan }}{% endif %}",
        "{% if contact.plan == blank %}x{% else %}{{ contact.plan }}{% endif %}",
        "{% unless contact.plan == blank %}{{ contact.plan }}{% endunless %}",
        "{% for each in data.items %}{{ each.name }}{{ forloop.index }}{% endfor %}",
        '{% assign x = contact.plan | default: "free" %}{{ x }}',
        '{{ contact.address.city | default: "town" }}',
        '{{ contact.email | default: "" }}',
        '{{ contact.plan | default: "" | default: "free" }}',
        "{{ contact.plan | default: 0 }}",
        "Hi{% if contact.firstName %} {{ contact.firstName }}{% endif %}, you",
        "Hi {% if contact.firstName %}{{ contact.firstName }}{% else %}you{% endif %},",
        "Now {% if contact.plan %}{{ contact.plan }}{% endif %} or never",
        "From {% if contact.plan %}1{% endif %}.99",
    ],
)
def test_these_never_lack_a_value_unawares(text: str) -> None:
    assert levels(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ contact.firstName }}",
        "{{ contact.nope }}",
        "{{ nope }}",
        '{{ contact.firstName | default: "" }}',
        '{{ contact.firstName | default: "  " }}',
        "{{ contact.firstName | default: nil }}",
        '{{ contact.firstName | upcase | default: "" }}',
        '{{ contact.firstName | default: "" | default: " " }}',
        '{{ data.code | default: "" }}',
        '{% if contact.plan %}{{ contact.plan | default: "" }}{% endif %}',  # it may be of spaces
        '{% assign x = contact.plan | default: "" %}{{ x }}',
        '{% for each in data.all %}{{ each.name | default: "" }}{% endfor %}',
        "{{ data.code }}",
        "{{ company.phone }}",
        "{% if contact.plan %}x{% else %}{{ contact.plan }}{% endif %}",
        "{% if contact.plan or contact.firstName %}{{ contact.plan }}{% endif %}",
        "{{ contact.firstName | default: contact.plan }}",
        "{% assign x = contact.plan %}{{ x }}",
        "{{ contact.email | append: contact.plan }}",
        "{% if nope == 1 %}x{% endif %}",
    ],
)
def test_these_may_lack_one(text: str) -> None:
    assert "error" in levels(text)


@pytest.mark.parametrize("fallback", ['""', '" "', "nil"])
def test_data_with_a_blank_fallback_has_none(fallback: str) -> None:
    text = f"{{{{ data.code | default: {fallback} }}}}"
    (problem,) = variable_problems(text, "body", Known((), is_transactional=True))
    assert (problem.level, problem.message[:34]) == ("error", "The fallback of data.code is blank")


@pytest.mark.parametrize(
    "text",
    [
        "Hi {% if contact.firstName %}{{ contact.firstName }}{% endif %},",
        "<b>Hi</b> {% if contact.firstName %}{{ contact.firstName }}{% endif %}!</p>",
        "Hi {% unless contact.plan == blank %}{{ contact.plan }}{% endunless %}, you",
        "Hi {% if contact.plan %}{{ contact.plan }}{% elsif contact.firstName %}you{% endif %}.",
        "{% if contact.id %}Hi {% if contact.plan %}{{ contact.plan }}{% endif %},{% endif %}",
    ],
)
def test_a_condition_that_may_leave_a_space_before_a_mark_is_a_warning(text: str) -> None:
    (problem,) = variable_problems(f"\n{text}", "body", KNOWN)
    assert (problem.level, problem.code, problem.line) == ("warning", "left-behind", 2)


def test_an_unknown_trait_with_a_fallback_is_a_warning_that_says_what_was_meant() -> None:
    (problem,) = variable_problems('\n{{ contact.fristName | default: "x" }}', "body", KNOWN)
    assert (problem.level, problem.line) == ("warning", 2)
    assert "did you mean firstName?" in problem.message


def test_data_comes_along_with_a_transactional_message() -> None:
    assert levels("{{ data.code }}", Known((), is_transactional=True)) == []
