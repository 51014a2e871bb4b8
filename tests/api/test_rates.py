from skywrite.api.rates import Loads, Rates


def test_a_rate_is_growth_over_the_last_ten_seconds() -> None:
    rates = Rates()
    for second in range(30):
        rates.sample({"a": second * 100}, float(second))
    assert rates.per_second("a") == 100


def test_one_sample_says_nothing_and_so_does_a_name_that_was_not_there() -> None:
    rates = Rates()
    rates.sample({"a": 5}, 0.0)
    assert rates.per_second("a") == 0
    rates.sample({"a": 5, "b": 1000}, 1.0)
    assert rates.per_second("b") == 0


def test_counts_that_begin_anew_are_no_negative_rate() -> None:
    rates = Rates()
    rates.sample({"a": 1000}, 0.0)
    rates.sample({"a": 5}, 1.0)
    assert rates.per_second("a") == 0


def test_samples_too_close_are_passed_over() -> None:
    rates = Rates()
    rates.sample({"a": 0}, 0.0)
    rates.sample({"a": 1000}, 0.1)
    assert rates.per_second("a") == 0


def test_loads_are_counted_once_each() -> None:
    loads = Loads()
    for second, number in enumerate([1, 1, 2, 2, 3]):
        loads.note(number, 400, float(second))
    assert loads.per_second() == 200
