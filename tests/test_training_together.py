"""Files that belong together take their places together or not at all."""

from __future__ import annotations

import pytest

from training.together import together


def test_files_take_their_places_once_all_are_written(tmp_path):
    (tmp_path / "a").write_text("old")
    (tmp_path / "kept").write_text("kept")
    with together(tmp_path) as made:
        (made / "a").write_text("new")
        (made / "b").write_text("new")
        assert (tmp_path / "a").read_text() == "old"
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a": "new", "b": "new", "kept": "kept"}


def test_where_one_cannot_be_written_all_stay_as_they_were(tmp_path):
    (tmp_path / "a").write_text("old")
    with pytest.raises(OSError, match="No space"), together(tmp_path) as made:
        (made / "a").write_text("new")
        raise OSError(28, "No space left on device")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a": "old"}
