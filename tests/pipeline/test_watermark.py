from skywrite.pipeline.watermark import Watermark


def test_the_cursor_stays_below_what_is_not_done():
    watermark = Watermark(10)
    first, second, third = watermark.add(11, 2), watermark.add(12, 1), watermark.add(15, 1)
    second.done()
    third.done()
    assert watermark.value == 10
    first.done()
    assert watermark.value == 10
    first.done()
    assert watermark.value == 15


def test_records_without_anything_to_do_are_passed():
    watermark = Watermark(0)
    watermark.add(1, 0)
    assert watermark.value == 1
    mark = watermark.add(2, 1)
    watermark.add(3, 0)
    assert watermark.value == 1
    mark.done()
    assert watermark.value == 3
