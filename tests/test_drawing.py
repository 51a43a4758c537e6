from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.drawing import (
    MOST_POINTS,
    MOST_TAGS,
    Drawing,
    Stroke,
    UnreadableDrawing,
    is_inkml,
    load_drawing,
    save_drawing,
    to_inkml,
)
from recognizer.truth import LONGEST_LABEL, Truth

INK = '<ink xmlns="http://www.w3.org/2003/InkML">{}</ink>'
COORDINATE = st.floats(-1e8, 1e8, allow_nan=False)
STROKE = st.builds(
    Stroke,
    st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=5).map(tuple),
    st.none() | st.floats(0.001, 1000),
)
LABEL = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]).filter(str.isprintable), max_size=3)
BOX = st.tuples(*[st.integers(-99999, 99999)] * 4)


def drawings(strokes: list[Stroke]) -> st.SearchStrategy[Drawing]:
    """Drawings of `strokes`, with what somebody said of some of them."""
    numbers = st.lists(st.sampled_from(range(len(strokes))), unique=True).map(tuple) if strokes else st.just(())
    return st.builds(
        Drawing,
        st.just(tuple(strokes)),
        st.none() | st.tuples(st.integers(1, 99999), st.integers(1, 99999)),
        st.lists(st.builds(Truth, LABEL, BOX, numbers), max_size=3).map(tuple),
    )


DRAWING = st.lists(STROKE, max_size=5).flatmap(drawings)


def ink(inside: str) -> bytes:
    return INK.format(inside).encode()


@given(DRAWING)
def test_a_drawing_comes_back_as_it_was_saved(drawing):
    assert load_drawing(to_inkml(drawing)) == drawing


def test_a_saved_file_is_read_by_its_path_whatever_its_name(tmp_path):
    drawing = Drawing((Stroke(((1.5, 2.25), (3, 4)), 7.0), Stroke(((9, 9),))), (640, 480))
    path = tmp_path / "числа 数 é.inkml"
    save_drawing(path, drawing)
    assert load_drawing(path) == load_drawing(str(path)) == drawing
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_failed_save_leaves_the_old_file(tmp_path):
    path = tmp_path / "kept.inkml"
    save_drawing(path, Drawing())
    before = path.read_bytes()
    with pytest.raises(ValueError, match="finite"):
        save_drawing(path, Drawing((Stroke(((float("nan"), 0),)),)))
    assert path.read_bytes() == before


def test_what_is_written_is_plain_inkml():
    text = to_inkml(Drawing((Stroke(((1e-7, 2),), 3),), (8, 9))).decode()
    assert "0.0000001 2" in text
    assert 'xmlns="http://www.w3.org/2003/InkML"' in text


def test_what_was_said_of_ink_is_told_beside_the_traces_as_the_standard_has_it():
    drawing = Drawing((Stroke(((1, 2),)), Stroke(((3, 4),))), None, (Truth("7", (1, 2, 3, 4), (1,)),))
    assert to_inkml(drawing).decode().splitlines()[2:] == [
        "  <trace>1 2</trace>",
        '  <trace xml:id="trace1">3 4</trace>',
        "  <traceView>",
        '    <annotation type="truth">7</annotation>',
        '    <annotation type="truth-box">1 2 3 4</annotation>',
        '    <traceView traceDataRef="#trace1"/>',
        "  </traceView>",
        "</ink>",
    ]


@pytest.mark.parametrize(
    ("label", "box", "trace"),
    [
        ("7", "1 2 3", "#a"),
        ("7", "1 2 3 x", "#a"),
        ("7", "1 2 3 9999999999", "#a"),
        ("7", "1 2 3 4", "#b"),
        ("7", "1 2 3 4", ""),
        ("7\u202e", "1 2 3 4", "#a"),
        ("7" * (LONGEST_LABEL + 1), "1 2 3 4", "#a"),
    ],
)
def test_what_nobody_can_have_said_costs_no_ink(label, box, trace):
    said = f'<annotation type="truth">{label}</annotation><annotation type="truth-box">{box}</annotation>'
    view = f'<traceView>{said}<traceView traceDataRef="{trace}"/></traceView>'
    data = ink(f'<trace id="a">1 1</trace><trace>2 2</trace>{view}')
    assert load_drawing(data) == Drawing((Stroke(((1, 1),)), Stroke(((2, 2),))))


def test_strokes_of_groups_come_in_the_order_of_the_file():
    data = ink(
        "<trace>1 1</trace><traceGroup><trace>2 2</trace><traceGroup><trace>3 3</trace></traceGroup>"
        "</traceGroup><trace>4 4</trace>"
    )
    assert [s.points[0][0] for s in load_drawing(data).strokes] == [1, 2, 3, 4]


def test_a_file_without_the_namespace_is_read_too():
    assert load_drawing(b"<ink><trace>1 2, 3 4</trace></ink>") == Drawing((Stroke(((1, 2), (3, 4))),))


def test_extra_channels_of_a_context_are_passed_over_in_any_order():
    data = ink(
        '<definitions><context xml:id="pad"><inkSource><traceFormat><channel name="T" type="integer"/>'
        '<channel name="Y" type="decimal"/><channel name="X" type="decimal"/><channel name="F"/>'
        '<intermittentChannels><channel name="B"/></intermittentChannels></traceFormat></inkSource></context>'
        '</definitions><trace contextRef="#pad">0 20 10 99, 1 21 11 98 T</trace><trace>5 6</trace>'
    )
    assert [s.points for s in load_drawing(data).strokes] == [((10, 20), (11, 21)), ((5, 6),)]


def test_a_context_between_traces_holds_for_those_that_follow():
    data = ink(
        '<trace>5 6</trace><context><traceFormat><channel name="Y"/><channel name="X"/></traceFormat>'
        "</context><trace>1 2</trace>"
    )
    assert [s.points for s in load_drawing(data).strokes] == [((5, 6),), ((2, 1),)]


def test_a_trace_format_straight_below_ink_holds_too():
    data = ink(
        '<traceFormat><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat><trace>1 2 3</trace>'
    )
    assert load_drawing(data).strokes[0].points == ((1, 2),)


def test_an_upward_axis_is_turned_down():
    data = ink('<traceFormat><channel name="X"/><channel name="Y" orientation="-ve"/></traceFormat><trace>1 2</trace>')
    assert load_drawing(data).strokes[0].points == ((1, -2),)


def test_a_brush_of_a_group_or_a_context_gives_its_width():
    brush = '<brush xml:id="b"><brushProperty name="width" value="6"/></brush>'
    data = ink(
        f'<definitions>{brush}<context xml:id="c" brushRef="#b"/></definitions><trace contextRef="#c">1 1</trace>'
        '<traceGroup brushRef="#b"><trace>2 2</trace></traceGroup><trace>3 3</trace>'
    )
    assert [s.width for s in load_drawing(data).strokes] == [6, 6, None]


def test_a_brush_in_centimetres_is_measured_in_the_unit_of_the_points():
    data = ink(
        '<traceFormat><channel name="X" units="himetric"/><channel name="Y" units="himetric"/></traceFormat>'
        "<definitions>"
        '<brush xml:id="b"><brushProperty name="width" value="0.05" units="cm"/></brush>'
        '<brush xml:id="p"><brushProperty name="width" value="3" units="dots"/></brush></definitions>'
        '<trace brushRef="#b">1 1</trace><trace brushRef="#p">2 2</trace>'
    )
    first, second = load_drawing(data).strokes
    assert first.width == pytest.approx(50)
    assert second.width is None


def test_strokes_of_a_pen_in_the_air_are_left_out():
    assert load_drawing(ink('<trace type="penUp">1 1</trace><trace type="penDown">2 2</trace>')).strokes == (
        Stroke(((2, 2),)),
    )


def test_a_stroke_told_in_parts_is_one_stroke():
    data = ink(
        '<trace xml:id="a" continuation="begin">1 1</trace><trace>9 9</trace>'
        '<trace xml:id="b" continuation="middle" priorRef="#a">2 2</trace>'
        '<trace continuation="end" priorRef="#b">3 3</trace>'
    )
    assert [s.points for s in load_drawing(data).strokes] == [((1, 1), (2, 2), (3, 3)), ((9, 9),)]


def test_a_drawing_without_ink_is_a_drawing():
    assert load_drawing(ink("")) == Drawing()
    assert load_drawing(ink("<trace> </trace>")) == Drawing()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings_are_known_for_drawings_and_read(encoding):
    data = ("\ufeff" * (encoding == "utf-16-le") + ink("<trace>1 2</trace>").decode()).encode(encoding)
    assert is_inkml(data)
    assert load_drawing(data).strokes == (Stroke(((1, 2),)),)


def test_a_drawing_is_known_by_what_it_holds_or_by_its_name(tmp_path):
    (tmp_path / "drawing.png").write_bytes(b"\n " + ink(""))
    (tmp_path / "picture.xml").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "words.InkML").write_bytes(b"words")
    assert is_inkml(tmp_path / "drawing.png")
    assert is_inkml(tmp_path / "words.InkML")
    assert is_inkml(tmp_path / "missing.inkml")
    for path in (tmp_path / "picture.xml", tmp_path / "missing.png", tmp_path, "a\0b"):
        assert not is_inkml(path)
    assert not is_inkml(b"")


BOMB = '<!DOCTYPE ink [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><ink><trace>&b;</trace></ink>'
OUTSIDE = '<!DOCTYPE ink [<!ENTITY x SYSTEM "file:///etc/hostname">]><ink><trace>&x;</trace></ink>'
CIRCLE = '<definitions><context xml:id="a" contextRef="#b"/><context xml:id="b" contextRef="#a"/></definitions>'

HOSTILE = {
    "not XML": (b"these are no strokes", "no XML"),
    "cut short": (ink("<trace>1 2</trace>")[:-9], "no XML"),
    "another language": (b"<svg><path d='M0 0'/></svg>", "<svg>"),
    "a bomb of entities": (BOMB.encode(), "entities"),
    "a file from outside": (OUTSIDE.encode(), "entities"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><ink/>', "no XML"),
    "not a number": (ink("<trace>1 NaN</trace>"), "number"),
    "infinity": (ink("<trace>1 1e999</trace>"), "beyond"),
    "too far": (ink("<trace>1 99999999999</trace>"), "beyond"),
    "half a point": (ink("<trace>1 2, 3</trace>"), "channels"),
    "no y": (ink('<traceFormat><channel name="X"/></traceFormat><trace>1</trace>'), "X and Y"),
    "a width in words": (
        ink(
            '<definitions><brush id="b"><brushProperty name="width" value="fat"/></brush></definitions>'
            '<trace brushRef="#b">1 1</trace>'
        ),
        "width",
    ),
    "a size in words": (ink('<annotation type="page-size">big</annotation>'), "page size"),
    "references in a circle": (ink(CIRCLE + '<trace contextRef="#a">1 1</trace>'), "circle"),
    "nested without end": (ink("<traceGroup>" * 50_000 + "</traceGroup>" * 50_000), "nested"),
    "too many tags": (ink("<trace/>" * MOST_TAGS), "tags"),
    "too many points": (ink("<trace>" + "1 1," * (MOST_POINTS + 1) + "</trace>"), "points"),
    "bytes of no encoding": (b"<ink><trace>\xff\xfe</trace></ink>", "no XML"),
}


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_broken_or_hostile_drawing_is_refused_in_one_sentence(data, reason, tmp_path):
    path = tmp_path / "bad.inkml"
    path.write_bytes(data)
    with pytest.raises(UnreadableDrawing, match=reason) as refusal:
        load_drawing(path)
    assert str(refusal.value).startswith(str(path))
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).endswith("save the drawing again.")


def test_many_references_to_one_chain_cost_no_more_than_one():
    links = "".join(f'<context xml:id="c{n}" contextRef="#c{n + 1}" brushRef="#c{n + 1}"/>' for n in range(30))
    data = ink(f"<definitions>{links}</definitions>" + '<trace contextRef="#c0">1 1</trace>' * 50)
    assert len(load_drawing(data).strokes) == 50


def test_missing_and_empty_files_and_folders_are_refused(tmp_path):
    (tmp_path / "empty.inkml").touch()
    for path, reason in (
        (tmp_path / "none.inkml", "not exist"),
        (tmp_path / "empty.inkml", "empty"),
        (tmp_path, "folder"),
    ):
        with pytest.raises(UnreadableDrawing, match=reason):
            load_drawing(path)


@given(
    st.binary(max_size=200)
    | st.tuples(st.integers(0, 150), st.binary(min_size=1, max_size=4)).map(
        lambda cut: (
            (good := to_inkml(Drawing((Stroke(((1, 2), (3, 4)), 5),), (6, 7))))[: cut[0]] + cut[1] + good[cut[0] + 1 :]
        )
    )
)
def test_any_bytes_are_a_drawing_or_a_refusal(data):
    try:
        assert isinstance(load_drawing(data), Drawing)
    except UnreadableDrawing as refusal:
        assert "\n" not in str(refusal)
