from __future__ import annotations

import pytest

from recognizer.trace import FARTHEST, TraceFormat, decode_trace

PAIRS = TraceFormat()
XYTF = TraceFormat(channels=4, x=1, y=2, optional=1, open_ended=False)


def test_points_are_parted_by_commas_and_their_channels_by_white_space():
    assert decode_trace("10 0, 9 14,\n 8.5 -28", PAIRS) == ((10, 0), (9, 14), (8.5, -28))


def test_one_point_is_a_dot_and_no_point_is_nothing():
    assert decode_trace(" 3 4 ", PAIRS) == ((3, 4),)
    assert decode_trace(" \n ", PAIRS) == ()


def test_the_example_of_the_standard_with_differences_of_differences():
    # Section 3.2.1: first and second differences, numbers parted by their signs alone.
    text = """1125 18432,'23'43,"7"-8,3-5,7 -3,6 2,6 8,3 6,2 4,3 6,3-6"""
    assert decode_trace(text, PAIRS)[:6] == (
        (1125, 18432),
        (1148, 18475),
        (1178, 18510),
        (1211, 18540),
        (1251, 18567),
        (1297, 18596),
    )


def test_a_value_said_to_be_one_ends_the_differences():
    assert decode_trace("10 10,'1'2,!50 3,51 4", PAIRS) == ((10, 10), (11, 12), (50, 15), (51, 19))


def test_a_star_is_the_value_of_the_point_before():
    assert decode_trace("10 20,* 21,12 *", PAIRS) == ((10, 20), (10, 21), (12, 21))


def test_hexadecimal_numbers_are_read():
    assert decode_trace("#1F -#a", PAIRS) == ((31, -10),)


def test_channels_stand_in_any_order_and_the_last_may_be_missing():
    assert decode_trace("0.5 10 20 T, 0.6 11 21, 0.7 12 22 F", XYTF) == ((10, 20), (11, 21), (12, 22))


def test_an_axis_may_point_the_other_way():
    assert decode_trace("1 2, 3 4", TraceFormat(y_sign=-1)) == ((1, -2), (3, -4))


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "1 2, 3",
        "nan 1",
        "1 inf",
        "1 1e999",
        f"0 {2 * FARTHEST:.0f}",
        "x y",
        "1 2; 3 4",
        "1_0 2",
        "* 1",
        "? 1",
        "T F",
    ],
)
def test_what_is_no_place_on_a_page_is_refused(text):
    with pytest.raises(ValueError, match=r"expected|beyond"):
        decode_trace(text, PAIRS)


def test_a_point_with_a_channel_too_many_is_refused_where_the_format_is_stated():
    with pytest.raises(ValueError, match="5 channels where 4 are expected"):
        decode_trace("1 2 3 4 5", XYTF)
