from __future__ import annotations

import numpy as np
from sketch import BOX, TWO_BOXES_JOINED

from recognizer.seam import Bounds, seams

JOINED, ALONE = (boxes / np.float32(255) for boxes in (TWO_BOXES_JOINED, BOX))
WIDE = Bounds(crossing=5, between=40, outside=40, most=5)


def test_a_path_moves_one_column_a_row_and_costs_no_more_than_allowed():
    (paths,) = seams([JOINED], [WIDE])
    assert paths
    for path in paths:
        assert np.abs(np.diff(path)).max() <= 1
        assert JOINED[np.arange(len(path)), path].sum() <= 5.0


def test_a_path_leaves_enough_ink_on_either_side():
    ((path,),) = seams([JOINED], [WIDE._replace(most=1)])
    left = sum(float(row[:column].sum()) for row, column in zip(JOINED, path, strict=True))
    whole = float(JOINED.sum())
    for most, found in ((min(left, whole - left) - 1, 1), (whole / 2 + 1, 0)):
        assert len(seams([JOINED], [WIDE._replace(outside=most, most=1)])[0]) == found


def test_costs_of_several_sizes_are_searched_side_by_side():
    together = seams([ALONE, JOINED], [WIDE, WIDE])
    apart = [seams([c], [WIDE])[0] for c in (ALONE, JOINED)]
    assert [np.array(t).tolist() for t in together] == [np.array(a).tolist() for a in apart]
    assert seams([], []) == []
