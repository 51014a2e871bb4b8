"""What every mail provider must do, run over all that there are."""

import pytest

from skywrite.channels.email.providers import catalog
from skywrite.kit.errors import Refused
from skywrite.kit.fields import filled_in

EVERY = pytest.mark.parametrize("kind", catalog.providers().values(), ids=lambda kind: kind.slug)
SECRET = "hunter2hunter2"


@EVERY
class TestEveryProvider:
    def test_its_form_says_what_each_setting_is(self, kind) -> None:
        assert kind.summary()
        assert all(field.title and field.description for field in kind.fields())

    def test_its_secrets_are_shown_by_nothing(self, kind) -> None:
        secrets = dict.fromkeys(kind.secrets(), SECRET)
        assert SECRET not in repr(filled_in(kind.settings_type, secrets))

    def test_a_setting_that_it_does_not_have_is_refused_by_name(self, kind) -> None:
        with pytest.raises(Refused) as refused:
            kind.configured({"no_such_setting": 1})
        assert refused.value.where == "no_such_setting"


def test_one_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(Refused, match="smtp"):
        catalog.provider("pigeon")
