"""The figures: that they are measured as they say, kept part by part, and the same wherever they are told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from scripted_pen import Hand, write

from benchmarks import (
    accuracy,
    canvas,
    costs,
    distortions,
    growth,
    many,
    parts,
    readme,
    report,
    results,
    rivals,
    stages,
    starts,
)
from benchmarks import circumstances as circumstances_module
from benchmarks.__main__ import main
from benchmarks.circumstances import circumstances, models, version
from benchmarks.costs import Failed, Skipped
from benchmarks.options import PARTS, SPEED, Settings
from benchmarks.pages import drawings, files, pictures
from benchmarks.parts import Part
from benchmarks.timing import in_turns, number, ratio, spread, table, told
from recognizer import Recognizer, recognize
from recognizer.file import UnreadableFile
from recognizer.page import as_png
from recognizer.render import render_drawing
from recognizer.source import load_source

SHEET = ROOT.parent / "shared" / "score" / "score.py"
QUICK = Settings(rounds=1, files=3)
MEASURED = {
    "date": "2026-11-21 12:00 UTC",
    "commit": "0123456789",
    "models": "abcdef012345",
    "load": 0.25,
    "machine": {"processor": "A processor", "cores": 2, "memory GB": 25.3, "system": "Linux x86_64"},
    "versions": {"python": "3.11.7", "numpy": "2.4.6"},
}


def kept(figures: dict) -> dict:
    """A part as benchmarks.json keeps it."""
    return {"figures": figures, "seconds": 1.5, "measured": MEASURED}


def scored(right: int, inputs: int, command: str = "score.py it") -> dict:
    about = {"what": "numbers", "command": command, "whole text": 0.5, "accepted at 1 wrong in 100": None}
    return about | {"right": right, "inputs": inputs, "interval": [0.9, 0.95]}


def process(seconds: float, times: float) -> dict:
    return {"seconds": spread([seconds]), "work": seconds, "MB": 120.0, "times ours": times}


@pytest.fixture
def known() -> results.Results:
    """Figures of all that README wants."""
    sets = (*accuracy.SETS, "cheques", "photos")
    rate = {"1": {"a second": spread([150.0]), "MB": 120.0}, "2": {"a second": spread([280.0]), "MB": 120.0}}
    return {
        "rivals": kept(
            {
                rivals.OURS: {"ms": spread([8.04]), "times ours": 1.0},
                rivals.PREDICT: {"ms": spread([400.0]), "times ours": 49.8},
                rivals.BATCH: {"ms": spread([40.0]), "times ours": 4.97},
            }
        ),
        "starts": kept({starts.READING: process(0.4, 1.0), starts.TENSORFLOW: process(3.2, 8.0)}),
        "many": kept(
            {
                "pictures": 1000,
                "workers": rate,
                "times one worker": 1.87,
                "long run": {"inputs": 10_000, "workers": 2, "MB": 131.0},
            }
        ),
        "canvas": kept({canvas.RELEASE: {"what": "letting go", "ms": spread([4.1]), "p99": 7.9}}),
        "accuracy": kept({name: scored(907, 1000) for name in sets}),
    }


# What the repository tells -------------------------------------------------------------------------------------------


def test_rounds_go_through_all_works_before_the_next():
    seen = []
    works = {name: lambda one, name=name: seen.append((name, one)) for name in ("first", "second")}
    times = in_turns(works, iter(range(100)), 2)
    assert seen == [(name, one) for one in range(3) for name in ("first", "second")]
    assert {name: len(values) for name, values in times.items()} == {"first": 2, "second": 2}


def test_a_spread_is_told_by_median_and_quartiles():
    found = spread([1.0, 2.0, 3.0, 4.0, 1234.5])
    assert found == {"median": 3.0, "quartiles": [2.0, 4.0], "rounds": 5}
    assert told(found) == "3.00 (2.00 to 4.00)"
    assert [number(v) for v in (0.012345, 0.5, 1.234, 12.34, 123.4, 1234.5)] == [
        *("0.012", "0.50", "1.23", "12.3", "123", "1,234")
    ]


def test_a_ratio_is_taken_round_by_round():
    assert ratio([2.0, 40.0, 6.0], [1.0, 10.0, 3.0]) == 2.0


def test_a_table_is_markdown():
    rows = [["1", "2.5", "`c`"], ["2", "", ""]]
    assert table(["a", "b", "c"], rows) == [
        *("| a | b | c |", "| --- | ---: | --- |", "| 1 | 2.5 | `c` |", "| 2 |  |  |"),
    ]


def test_pages_are_all_different_and_hold_so_many_digits():
    first, second = (next(drawn) for drawn in [drawings(45)] * 2)
    assert first != second
    assert next(drawings(45)) == first
    reading = Recognizer.load().read(first)
    assert [len(line) for line in reading.number.split("\n")] == [20, 20, 5]
    assert np.array_equal(load_source(next(files("picture", 10)))[0], next(pictures(10)))
    assert load_source(next(files("drawing", 10))) == next(drawings(10))


# Each part ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", stages.KINDS)
def test_every_stage_is_watched_and_then_left_alone(kind):
    recognizer, before = replace(Recognizer.load(), sure=2.0), recognize.weighed  # so that the line model is asked
    with stages.watched() as spent:
        source = load_source(next(files(kind, 3)))
        recognizer.read(source if kind == "drawing" else source[0])
    assert all(seconds > 0 for seconds in spent.values()), spent
    assert recognize.weighed is before


def test_a_stage_that_another_calls_is_counted_once(monkeypatch):
    clock = iter([0.0, 1.0, 4.0, 10.0])
    monkeypatch.setattr(stages, "perf_counter", lambda: next(clock))
    spent = {"outer": 0.0, "inner": 0.0}
    inner = stages._clocked(lambda: None, spent, "inner")
    stages._clocked(inner, spent, "outer")()
    assert spent == {"outer": 7.0, "inner": 3.0}


def test_stages_add_up_to_the_whole():
    found = stages.measure(QUICK)
    for kind in stages.KINDS:
        assert set(found[kind]["stages"]) == {"file", *stages.STAGES, stages.REST}
        assert sum(of["share"] for of in found[kind]["stages"].values()) == pytest.approx(1, abs=0.01)
        assert set(found[kind]["whole"]) == {"1", "10", "20"}
    lines = list(stages.report(found))
    assert [line.partition(" |")[0] for line in lines if line.startswith("| rescoring")] == ["| rescoring"]


def test_growth_reads_fuller_and_fuller_pages(monkeypatch):
    monkeypatch.setattr(growth, "COUNTS", (1, 3))
    found = growth.measure(QUICK)
    assert {count: set(of) for count, of in found.items()} == {key: {"picture", "drawing"} for key in ("1", "3")}
    assert len(list(growth.report(found))) == 2 + 2 + len(found)


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
def test_rivals_classify_ten_digits_each(monkeypatch):
    recognizer = Recognizer.load()
    page = next(rivals._pages(recognizer))
    works = rivals._ours(recognizer) | rivals._keras()
    answers = {name: work(page) for name, work in works.items()}
    assert len(answers[rivals.OURS].number) == 10
    assert len(answers[rivals.PREDICT]) == len(answers[rivals.BATCH]) == 10
    assert answers[rivals.PREDICT] == answers[rivals.BATCH].argmax(1).tolist()
    assert len(answers["contours, then that for each"]) >= 10
    assert len(answers["LiteRT, shipped network: one digit"]) == 1


def test_rivals_that_are_not_installed_are_left_out(monkeypatch):
    monkeypatch.setattr(rivals, "find_spec", lambda name: None)
    found = rivals.measure(QUICK)
    assert found[rivals.PREDICT] == {"skipped": "TensorFlow is not installed"}
    assert found[rivals.OURS]["times ours"] == 1.0
    assert f"| {rivals.PREDICT} | TensorFlow is not installed |  |" in list(rivals.report(found))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell the peak of a process that ended")
def test_memory_is_that_of_the_process_and_not_of_who_started_it():
    ballast = bytearray(300_000_000)
    small, large = (costs.cost_of([sys.executable, "-S", "-c", f"b'x' * {size}"]) for size in (1, 100_000_000))
    assert len(ballast) > 100_000_000 < large["peak"] < 150_000_000
    assert small["peak"] < 30_000_000
    assert small["work"] > 0
    assert small["seconds"] > 0


def test_a_command_that_fails_is_told_with_its_last_words():
    with pytest.raises(Failed, match=r"ended with status 3: too bad$"):
        costs.cost_of([sys.executable, "-c", "import sys; print('too bad', file=sys.stderr); sys.exit(3)"])


def test_starts_name_what_is_not_installed(monkeypatch):
    def commands(folder: Path) -> dict[str, list[str]]:
        return {starts.READING: [sys.executable, "-S", "-c", ""], "twice": [sys.executable, "-S", "-c", ""]}

    monkeypatch.setattr(starts, "_commands", commands)
    found = starts.measure(QUICK)
    assert found[starts.READING]["times ours"] == 1.0
    assert found[starts.TESSERACT] == {"skipped": "Tesseract is not installed"}
    assert f"| {starts.TESSERACT} | Tesseract is not installed |  |  |  |" in list(starts.report(found))


def test_starts_are_of_what_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(starts.shutil, "which", lambda name: f"/bin/{name}")
    commands = starts._commands(tmp_path)
    assert commands[starts.TESSERACT][:3] == ["/bin/tesseract", str(tmp_path / "ten.png"), "stdout"]
    said = subprocess.run(commands[starts.READING], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"\d{10}\n", said)


def test_many_files_are_all_read(monkeypatch):
    lines = []

    def cost_of(command):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        lines.append(len(done.stdout.splitlines()))
        return {"seconds": 2.0, "work": 2.0, "peak": 90_000_000}

    monkeypatch.setattr(costs, "cost_of", cost_of)
    monkeypatch.setattr(many, "_ROUNDS", 1)
    monkeypatch.setattr(many.os, "cpu_count", lambda: 2)
    found = many.measure(QUICK)
    assert lines == [3, 3, 30]
    assert found["workers"]["2"]["a second"]["median"] == 1.5
    assert found["times one worker"] == 1.0
    assert "2 workers read 1.00 times as fast as one. Over 30 inputs no process took more than 90.0 MB." in list(
        many.report(found)
    )


def test_the_canvas_is_timed_by_the_tests_that_do_it(monkeypatch, tmp_path):
    timed = tmp_path / "test_wait.py"
    timed.write_text(
        "import os, pytest\n"
        "@pytest.mark.parametrize('digits', [10])\n"
        "@pytest.mark.benchmark(group='letting go')\n"
        "def test_wait(benchmark, digits):\n"
        "    assert 'DISPLAY' not in os.environ\n"
        "    benchmark.pedantic(lambda: None, rounds=3)\n"
        "    benchmark.extra_info['p99_ms'] = 7.89\n"
        "def test_idle(benchmark):\n"
        "    benchmark.pedantic(lambda: None, rounds=1)\n"
        "    benchmark.extra_info['share of a core'] = 0.0123\n"
    )
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setattr(canvas, "TIMES", timed)
    found = canvas.measure(QUICK)
    assert found["test_wait[10]"]["what"] == "letting go (10 digits)"
    assert found["test_wait[10]"]["ms"]["rounds"] == 3
    rows = list(canvas.report(found))
    assert rows[-2].endswith("| 7.89 |")
    assert rows[-1].endswith("| 1.2 % of a core |  |")
    monkeypatch.setattr(canvas, "TIMES", tmp_path / "missing.py")
    with pytest.raises(Skipped, match=r"missing\.py is missing"):
        canvas.measure(QUICK)


def test_the_canvas_times_what_readme_tells():
    name, _, which = canvas.RELEASE.rstrip("]").partition("[")
    source = canvas.TIMES.read_text(encoding="utf-8")
    assert f"def {name}(" in source
    assert f'"{which}"' in source


def test_files_are_scored_by_the_digits_of_their_names(tmp_path):
    for name, text in (("31-good.png", "31"), ("47-bad.png", "31")):
        (tmp_path / name).write_bytes(as_png(render_drawing(write(text, Hand(3)))))
    found = accuracy.named(tmp_path)
    assert (found["right"], found["inputs"]) == (1, 2)


def test_the_score_sheet_is_asked_and_understood(tmp_path):
    sheet = tmp_path / "score.py"
    line = "'pen-ink: exact match 616/676 = 91.12 %  (95 %: 88.7 to 93.0); whole text 81.66 %;'"
    rest = "' accepted at 1 wrong in 100: 58.1 %, in 1000: 40.2 %; 9.8 s, 69 inputs a second'"
    sheet.write_text(f"import sys; print({line} + {rest}) if sys.argv[1:3] == ['pen-ink', '--data'] else print('no')")
    found = accuracy.scored(sheet, "pen-ink", tmp_path)
    assert found == {"right": 616, "inputs": 676, "whole text": 0.8166, "accepted at 1 wrong in 100": 0.581}
    with pytest.raises(Failed, match="said something else than usual: no"):
        accuracy.scored(sheet, "mnist", tmp_path)


@pytest.mark.skipif(not SHEET.exists(), reason="the score sheet is not beside the repository")
def test_the_real_score_sheet_says_what_is_expected():
    said = subprocess.run(
        [sys.executable, str(SHEET), "mnist", "--limit", "4"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = accuracy._SCORED.search(said.stdout)
    assert found
    assert found["inputs"] == "4"


def test_sets_that_are_not_at_hand_are_left_out_with_a_reason(tmp_path):
    found = accuracy.measure(Settings(data=tmp_path / "nowhere"))
    assert found["samples"]["right"] == found["samples"]["inputs"] >= 16
    assert {name for name, of in found.items() if "skipped" in of} == {*accuracy.SETS, "cheques", "photos"}
    rows = list(accuracy.report(found))
    assert sum("beside the repository" in row for row in rows if row.startswith("| ")) == 6


def test_spoilt_pages_are_counted_by_kind_and_strength(monkeypatch):
    monkeypatch.setattr(distortions, "KINDS", {name: distortions.KINDS[name] for name in ("clean", "noise")})
    found = distortions.measure(QUICK)
    assert {kind: len(of) for kind, of in found.items()} == {"clean": 1, "noise": 3}
    assert all(one["inputs"] == 2 >= one["right"] for of in found.values() for one in of.values())
    assert next(iter(found["clean"].values()))["right"] == 2
    assert list(distortions.report(found))[-1].startswith("| noise | ")


# What is kept and told ------------------------------------------------------------------------------------------------


def test_parts_are_kept_in_their_order(tmp_path, known):
    results.save(known, tmp_path)
    assert results.load(tmp_path) == known
    assert list(results.load(tmp_path)) == [part for part in PARTS if part in known]


@pytest.mark.parametrize("content", [b"", b"no JSON", b"[]", b'{"many": {}}', b'{"many": 3}'])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    (tmp_path / results.NAME).write_bytes(content)
    with pytest.raises(UnreadableFile, match=results.NAME):
        results.load(tmp_path)


def test_the_report_tells_every_part_and_where_it_was_measured(known):
    elsewhere = MEASURED | {"machine": MEASURED["machine"] | {"cores": 64}}
    known = {"stages": {"skipped": "for a reason", "seconds": 0.1, "measured": elsewhere}} | known
    text = report.markdown(known)
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Accuracy",
        *(f"## {parts.EVERY[name].title}" for name in SPEED if name in known),
        "## Measured with",
    ]
    assert "Not measured: for a reason." in text
    assert "| numbers | 90.70 % | 90.0 to 95.0 | 907 of 1,000 | 50.0 % |  | `score.py it` |" in text
    assert "1. A processor, 64 cores, 25.3 GB, Linux x86_64; python 3.11.7, numpy 2.4.6." in text
    assert "2. A processor, 2 cores" in text


def test_readme_is_renewed_between_its_markers(known):
    text = "before\n<!-- figures: speed -->\nstale\n<!-- end of figures -->\nafter\n"
    new = readme.renewed(text, known)
    assert new.startswith("before\n<!-- figures: speed -->\n| what |")
    assert new.endswith("|\n<!-- end of figures -->\nafter\n")
    assert "stale" not in new
    assert "8.04 ms | Keras `predict` on ten cut-out digits: 49.8 times as long; in one batch 4.97 times" in new
    assert "0.40 s, 120 MB | importing TensorFlow alone: 8.00 times as long, 120 MB" in new
    assert "150 a second | 2 workers: 1.87 times as many" in new
    assert "4.10 ms | 99th percentile 7.90 ms" in new
    assert readme.renewed(new, known) == new


@pytest.mark.parametrize("missing", ["rivals", "starts", "many", "canvas", "accuracy"])
def test_readme_tells_no_figure_that_nobody_measured(known, missing):
    text = "<!-- figures: speed -->\n<!-- end of figures --><!-- figures: accuracy -->\n<!-- end of figures -->"
    del known[missing]
    with pytest.raises(readme.NoFigures, match=f"--only {missing}"):
        readme.renewed(text, known)
    with pytest.raises(readme.NoFigures, match="called luck"):
        readme.renewed("<!-- figures: luck -->\n<!-- end of figures -->", known)


def test_readme_and_report_are_those_of_the_figures_that_are_kept():
    known = results.load(ROOT)
    text = readme.README.read_text(encoding="utf-8")
    assert set(re.findall(r"<!-- figures: (\w+) -->", text)) == {"accuracy", "speed"}
    again = "is not what benchmarks.json says: run python -m benchmarks --readme"
    assert readme.renewed(text, known) == text, f"README.md {again}"
    assert report.markdown(known) == (ROOT / report.NAME).read_text(encoding="utf-8"), f"{report.NAME} {again}"


def test_figures_of_a_busy_machine_are_told_as_such(known):
    assert "other work" not in report.markdown(known)
    known["many"]["measured"] = MEASURED | {"load": 5.25}
    assert "The machine had other work meanwhile (load up to 5.2)" in report.markdown(known)
    text = "<!-- figures: speed -->\n<!-- end of figures -->"
    assert "other work meanwhile" in readme.renewed(text, known)


def test_circumstances_name_machine_versions_commit_and_models(tmp_path):
    found = circumstances()
    assert found["machine"]["cores"] >= 1
    assert found["machine"]["processor"]
    assert re.fullmatch(r"[0-9a-f]{10}( and changes)?|unknown", found["commit"])
    assert found["versions"]["numpy"] == np.__version__
    assert version("no-such-package") == "not installed"
    (tmp_path / "model").write_bytes(b"one")
    one = models(tmp_path)
    (tmp_path / "model").write_bytes(b"two")
    assert len(one) == 12
    assert models(tmp_path) != one


# The command ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def played(monkeypatch):
    """Parts that measure nothing: `many` succeeds, `canvas` cannot be measured here, `starts` fails."""

    def fails(settings):
        raise Failed("it broke.")

    def skips(settings):
        raise Skipped("no screen")

    def succeeds(settings):
        return {"rounds": settings.rounds}

    for name, measure in (("many", succeeds), ("canvas", skips), ("starts", fails)):
        monkeypatch.setitem(parts.EVERY, name, Part(name, measure, lambda found: iter([f"{found}"])))


def test_a_part_is_kept_beside_what_was_known(played, tmp_path, known, capsys):
    results.save({"accuracy": known["accuracy"]}, tmp_path)
    assert main(["--only", "many,canvas,starts", "--rounds", "7", "--out", str(tmp_path)]) == 1
    found = json.loads((tmp_path / results.NAME).read_text(encoding="utf-8"))
    assert list(found) == ["many", "canvas", "accuracy"]
    assert found["many"]["figures"] == {"rounds": 7}
    assert found["canvas"]["skipped"] == "no screen"
    assert found["accuracy"] == known["accuracy"]
    assert "{'rounds': 7}" in (tmp_path / report.NAME).read_text(encoding="utf-8")
    said = capsys.readouterr()
    assert not said.out
    assert "benchmarks: starts failed: it broke.\n" in said.err


def test_what_cannot_be_measured_now_stays_as_it_was(played, tmp_path, known):
    results.save({"canvas": known["canvas"]}, tmp_path)
    assert main(["--only", "canvas", "--out", str(tmp_path)]) == 0
    assert results.load(tmp_path) == {"canvas": known["canvas"]}


def test_what_is_interrupted_keeps_what_was_done(played, tmp_path, monkeypatch, capsys):
    def interrupted(settings):
        raise KeyboardInterrupt

    monkeypatch.setitem(parts.EVERY, "accuracy", Part("accuracy", interrupted, lambda found: iter([])))
    assert main(["--only", "many,accuracy", "--out", str(tmp_path)]) == 130
    assert list(results.load(tmp_path)) == ["many"]
    assert "interrupted; the parts that are done are kept" in capsys.readouterr().err


def test_what_was_interrupted_goes_on(played, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(circumstances_module, "_commit", lambda: "0123456789")
    out = ["--out", str(tmp_path)]
    assert main(["--only", "many", *out]) == 0
    assert main(["--only", "many,canvas", "--resume", *out]) == 0
    assert "many" not in capsys.readouterr().err.partition("canvas")[2]
    monkeypatch.setattr(circumstances_module, "_commit", lambda: "9876543210")
    assert main(["--only", "many", "--resume", "--rounds", "3", *out]) == 0
    assert results.load(tmp_path)["many"]["figures"] == {"rounds": 3}


def test_the_command_renews_readme(tmp_path, known, monkeypatch, capsys):
    text = "<!-- figures: speed -->\n<!-- end of figures -->"
    (tmp_path / "README.md").write_text(text)
    monkeypatch.setattr(readme, "README", tmp_path / "README.md")
    assert main(["--readme", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("benchmarks: rivals is not measured in full")
    assert (tmp_path / "README.md").read_text() == text
    results.save(known, tmp_path)
    assert main(["--readme", "--out", str(tmp_path)]) == 0
    assert "| 8.04 ms |" in (tmp_path / "README.md").read_text()
    assert "accuracy: measured with other models than are shipped now" in capsys.readouterr().err
    assert (tmp_path / report.NAME).exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "luck"], "expected some of speed, stages, growth"),
        (["--rounds", "0"], "expected a whole number from 1 on, got '0'"),
        (["--files", "many"], "expected a whole number from 1 on, got 'many'"),
    ],
)
def test_a_wrong_command_ends_with_status_2(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_speed_stands_for_its_parts(played, tmp_path):
    from benchmarks.options import parser

    assert parser().parse_args(["--only", "distortions,speed,accuracy"]).only == PARTS
    assert parser().parse_args(["--only", "many,stages"]).only == ("stages", "many")
    assert main(["--only", "many", "--out", str(tmp_path / "nowhere")]) == 2
