"""`python -m recognizer` as users start it; what its parts print is in test_report and test_album."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from types import MappingProxyType

import cv2
import numpy as np
import pytest
from conftest import ROOT, Command
from make_samples import SAMPLES
from scripted_pen import Hand, write
from test_drawing import BOMB
from test_page import encoded, held, png_of_size

from recognizer import __version__
from recognizer.drawing import Drawing, save_drawing
from recognizer.engine import ENGINES
from recognizer.formats import Format
from recognizer.reading import Reading, Symbol
from recognizer.render import render_drawing

SAMPLE_FOLDER = ROOT / "sample_images"
PHONE = next(SAMPLE_FOLDER / sample.name for sample in SAMPLES if sample.name.endswith("-phone.png"))
ZIP = next(SAMPLE_FOLDER / sample.name for sample in SAMPLES if sample.name.endswith("-zip.inkml"))


def wanted(path: object) -> str:
    return os.path.basename(str(path)).partition("-")[0]  # noqa: PTH119 - what the names of samples begin with


def test_one_picture_gives_its_number_alone(command: Command):
    done = command(PHONE)
    assert (done.returncode, done.stdout.decode().split(), done.stderr) == (0, [wanted(PHONE)], b"")


def test_several_inputs_give_a_line_each_in_their_order(command: Command):
    done = command(ZIP, PHONE, ZIP)
    assert done.stdout.decode().splitlines() == [f"{path}: {wanted(path)}" for path in (ZIP, PHONE, ZIP)]


def test_a_folder_is_several_inputs_even_where_it_holds_one(command: Command, tmp_path):
    (tmp_path / "only.png").write_bytes(PHONE.read_bytes())
    (tmp_path / "notes.txt").write_text("words")
    assert command(tmp_path).stdout.decode().splitlines() == [f"{tmp_path / 'only.png'}: {wanted(PHONE)}"]


@pytest.mark.parametrize("path", [PHONE, ZIP], ids=["picture", "drawing"])
def test_standard_input_is_a_picture_or_a_drawing(command: Command, path):
    assert command("-", stdin=path.read_bytes()).stdout.decode().split() == [wanted(path)]
    assert json.loads(command("-", "--json", stdin=path.read_bytes()).stdout)["path"] == "-"


def test_json_says_where_each_symbol_is(command: Command):
    answer = json.loads(command("--json", PHONE).stdout)
    height, width = cv2.imread(str(PHONE)).shape[:2]
    assert answer["path"] == str(PHONE)
    assert answer["number"] == wanted(PHONE)
    assert "".join(c for c in answer["text"] if c.isdigit()) == answer["number"]
    assert 0.0 <= answer["confidence"] <= 1.0
    assert answer["error"] is None
    lefts = [symbol["box"][0] for symbol in answer["symbols"] if symbol["label"].isdigit()]
    assert lefts == sorted(lefts)
    for symbol in answer["symbols"]:
        x, y, wide, high = symbol["box"]
        assert 0 <= x < x + wide <= width
        assert 0 <= y < y + high <= height
        assert symbol["alternatives"][0][0] == symbol["label"] or symbol["confidence"] < 0.5


def test_boxes_are_of_the_picture_as_a_person_sees_it(command: Command, tmp_path):
    page = render_drawing(write("274", Hand(2)))
    path = tmp_path / "held.jpg"
    path.write_bytes(held(np.rot90(page), 6))
    answer = json.loads(command("--json", path).stdout)
    assert answer["number"] == "274"
    assert all(x + width <= page.shape[1] for x, _, width, _ in (symbol["box"] for symbol in answer["symbols"]))
    assert answer["symbols"][-1]["box"][0] > page.shape[0]


def test_pages_of_one_file_are_lines_of_one_answer(command: Command, tmp_path):
    pages = [render_drawing(write(text, Hand(3))) for text in ("275", "8642")]
    path = tmp_path / "scan.tiff"
    path.write_bytes(cv2.imencodemulti(".tiff", pages)[1].tobytes())
    assert command(path).stdout.decode().strip() == "275 8642"
    answer = json.loads(command("--json", path).stdout)
    assert answer["number"] == "275\n8642"
    assert [symbol["line"] for symbol in answer["symbols"]] == [0, 0, 0, 1, 1, 1, 1]


def test_annotated_copies_have_boxes(command: Command, tmp_path):
    done = command("--annotate", tmp_path / "new" / "seen", PHONE, ZIP)
    assert done.returncode == 0, done.stderr
    for path in (PHONE, ZIP):
        copy = cv2.imread(str(tmp_path / "new" / "seen" / f"{path.stem}.png"))
        assert np.ptp(copy.astype(int), axis=2).max() > 100
    assert len(list((tmp_path / "new" / "seen").iterdir())) == 2


def test_explanations_are_pictures_named_after_their_inputs(command: Command, tmp_path):
    done = command("--explain", tmp_path / "why", "--annotate", tmp_path / "seen", PHONE, ZIP)
    assert (done.returncode, done.stderr) == (0, b"")
    assert sorted(p.name for p in (tmp_path / "why").iterdir()) == sorted(f"{p.stem}.png" for p in (PHONE, ZIP))
    for path in (PHONE, ZIP):
        assert min(cv2.imread(str(tmp_path / "why" / f"{path.stem}.png")).shape[:2]) > 400


def test_every_engine_that_there_is_stands_in_the_help(command: Command):
    done = command("--help")
    assert done.returncode == 0
    for word in (
        *ENGINES,
        "--json",
        "--annotate",
        "--explain",
        "--format",
        "--min-confidence",
        "--max-error",
        "--unsure",
        "--alternatives",
        "--model",
        "--version",
        "examples:",
        "exit status",
    ):
        assert word in done.stdout.decode().lower()


def test_the_version_is_printed(command: Command):
    assert command("--version").stdout.decode().split() == ["recognizer", __version__]


# What cannot be read ------------------------------------------------------------------------------------------------


def noise() -> bytes:
    """What a camera sees with its lid on, turned up: every pixel at random."""
    return encoded(np.random.default_rng(0).integers(0, 256, (300, 400), np.uint8))


def grain() -> bytes:
    """An empty sheet as a scanner sees it: light, and not quite even."""
    return encoded(np.clip(np.random.default_rng(1).normal(200, 15, (300, 400)), 0, 255).astype(np.uint8))


UNREADABLE = {
    "text.png": (b"no picture, only words\n", "is not a picture that can be read"),
    "truncated.png": (PHONE.read_bytes()[:3000], "is damaged or cut short"),
    "truncated.jpg": (encoded(cv2.imread(str(PHONE)), ".jpg")[:3000], "is damaged or cut short"),
    "zero.png": (b"", "is empty"),
    "one.png": (encoded(np.zeros((1, 1), np.uint8)), "under the 8 x 8"),
    "huge.png": (png_of_size(30_000, 30_000), "over the limit of 100 million"),
    "broken.inkml": (b"<ink><trace>1 2", "cannot be read as InkML"),
    "bomb.inkml": (BOMB.encode(), "cannot be read as InkML"),
    "words.inkml": (b"words", "cannot be read as InkML"),
    "page.html": (b"<html></html>", "cannot be read as InkML"),
}
BLANK = {
    "white.png": encoded(np.full((200, 300), 255, np.uint8)),
    "black.png": encoded(np.zeros((200, 300), np.uint8)),
    "gray.png": encoded(np.full((200, 300), 128, np.uint8)),
    "noise.png": noise(),
    "grain.png": grain(),
    "smallest.png": encoded(np.full((8, 8), 255, np.uint8)),
    "no-ink.inkml": b"<ink/>",
}


def test_what_cannot_be_read_is_told_in_one_sentence_and_the_rest_is_read(command: Command, tmp_path):
    for name, (data, _) in UNREADABLE.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "empty-folder").mkdir()
    bad = [*UNREADABLE, "missing.png", "empty-folder"]
    paths = [PHONE, *(tmp_path / name for name in bad), ZIP]
    done = command("--json", *paths)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [answer["path"] for answer in answers] == [str(path) for path in paths]
    assert [answers[0]["number"], answers[-1]["number"]] == [wanted(PHONE), wanted(ZIP)]
    reasons = [reason for _, reason in UNREADABLE.values()] + ["does not exist", "holds no picture"]
    complaints = done.stderr.decode().splitlines()
    for name, answer, complaint, reason in zip(bad, answers[1:-1], complaints, reasons, strict=True):
        assert reason in answer["error"]
        assert answer["error"].startswith(str(tmp_path / name))
        assert (answer["text"], answer["number"], answer["symbols"]) == ("", "", [])
        assert complaint == f"recognizer: {answer['error']}"


def test_without_json_only_what_was_read_is_on_standard_output(command: Command, tmp_path):
    done = command(tmp_path / "missing.png", PHONE)
    assert (done.returncode, done.stdout.decode().splitlines()) == (1, [f"{PHONE}: {wanted(PHONE)}"])
    assert done.stderr.decode() == f"recognizer: {tmp_path / 'missing.png'} does not exist: check the path.\n"


def test_pages_without_ink_read_as_empty_numbers(command: Command, tmp_path):
    for name, data in BLANK.items():
        (tmp_path / name).write_bytes(data)
    done = command(*(tmp_path / name for name in BLANK))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines() == [f"{tmp_path / name}: " for name in BLANK]


def test_an_endless_stream_of_nothing_is_refused_by_its_beginning(command: Command):
    done = command("-", stdin=bytes(300_000))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"recognizer: standard input is neither a picture nor a drawing: give a PNG")


def test_an_empty_name_is_no_folder(command: Command):
    done = command("")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"recognizer: An empty name was given: name a file or a folder.\n"


def test_empty_standard_input_is_refused(command: Command):
    done = command("-")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == "recognizer: standard input is empty: save or download it again.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids such names")
def test_names_cannot_break_lines_or_speak_to_the_terminal(command: Command, tmp_path):
    odd = [tmp_path / name for name in ("two\nlines.png", "\x1b[31mred.png", os.fsdecode(b"bytes\xff\xfe.png"))]
    for path in odd:
        path.write_bytes(PHONE.read_bytes())
    missing = tmp_path / "not\nthere\x1b.png"
    done = command(*odd, missing)
    assert len(done.stdout.decode("ascii").splitlines()) == 3
    assert len(done.stderr.decode("ascii").splitlines()) == 1
    assert b"\x1b" not in done.stdout + done.stderr
    answers = [json.loads(line) for line in command("--json", *odd, missing).stdout.splitlines()]
    assert [answer["path"] for answer in answers] == [str(path) for path in (*odd, missing)]
    assert [answer["number"] for answer in answers] == [wanted(PHONE)] * 3 + [""]


# What makes the command itself wrong --------------------------------------------------------------------------------


WRONG = {
    "nothing to read": [],
    "an unknown option": ["--jsno", PHONE],
    "a confidence over one": ["--min-confidence", "1.5", PHONE],
    "a confidence that is none": ["--min-confidence", "nan", PHONE],
    "an unknown format": ["--format", "phones", PHONE],
    "an expression that is none": ["--format", "(", PHONE],
    "an error over one": ["--max-error", "2", PHONE],
    "two thresholds": ["--max-error", "0.1", "--min-confidence", "0.5", PHONE],
    "a folder of explanations that is a file": ["--explain", PHONE, PHONE],
    "an unknown way with what is unsure": ["--unsure", "guess", PHONE],
    "no alternatives": ["--alternatives", "0", PHONE],
    "too many alternatives": ["--alternatives", "1000", PHONE],
    "an unknown engine": ["--engine", "abacus", PHONE],
    "a model that is missing": ["--model", "no-such-model.tflite", PHONE],
    "a folder of copies that is a file": ["--annotate", PHONE, PHONE],
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_command_is_status_2_and_reads_nothing(command: Command, arguments):
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr
    assert done.stderr.decode().splitlines()[-1].startswith("recognizer: ")


@pytest.mark.parametrize("name", ["words.tflite", "words.keras", "words.pkl"])
def test_a_model_file_that_is_none_is_told_in_one_sentence(command: Command, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"no model, only words")
    path.with_suffix(".json").write_text('{"labels": ["0"]}')
    done = command("--model", path, PHONE)
    (complaint,) = done.stderr.decode().splitlines()
    assert (done.returncode, done.stdout) == (2, b"")
    assert str(path) in complaint


# How the output ends ------------------------------------------------------------------------------------------------


def test_a_reader_that_has_had_enough_is_no_error_to_talk_about():
    line = [sys.executable, "-m", "recognizer", *[str(PHONE)] * 40]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout.readline().decode().startswith(str(PHONE))
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")  # noqa: PTH110
def test_a_full_disk_is_told_in_one_sentence():
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        line = [sys.executable, "-m", "recognizer", str(PHONE), str(PHONE)]
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    assert done.stderr == b"recognizer: the output cannot be written (No space left on device).\n"
    assert done.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal for one process")
def test_an_interruption_ends_the_command_without_a_traceback(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # nobody writes to it: the command waits there
    line = [sys.executable, "-m", "recognizer", "--json", str(PHONE), str(pipe)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert json.loads(process.stdout.readline())["number"] == wanted(PHONE)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 130


# With a reader that says what the test wants, in this process --------------------------------------------------------


@pytest.fixture
def say(monkeypatch, capsys):
    """Run the command with a reader whose answer is given; return (status, standard output, standard error)."""

    def run(reading: Reading, *arguments: object) -> tuple[int, str, str]:
        class Fake:
            card = MappingProxyType({"risk coverage": {"points": [[0, 0.1, 1], [0.9, 0.02, 0.8], [0.99, 0.005, 0.4]]}})

            def read(self, page: object, alternatives: int = 5, format: Format | None = None) -> Reading:
                assert isinstance(page, Drawing | np.ndarray)
                return reading

        monkeypatch.setattr("recognizer.recognize.Recognizer.load", lambda model, engine: Fake())
        status = import_module("recognizer.__main__").main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run


def test_a_number_that_is_not_sure_enough_is_held_back_and_told(say):
    status, out, error = say(Reading("1234", 0.71234), "--min-confidence", "0.95", PHONE)
    assert (status, out) == (0, "\n")
    assert error == f"recognizer: {PHONE} reads '1234' with a confidence of 0.712, under 0.95: look at it yourself.\n"
    status, out, error = say(Reading("1234", 0.71234), "--min-confidence", "0.95", "--json", PHONE)
    answer = json.loads(out)
    assert (status, answer["number"], answer["accepted"], error) == (0, "1234", False, "")


def test_a_number_that_is_sure_enough_is_printed(say):
    assert say(Reading("12-34", 0.95), "--min-confidence", "0.95", PHONE) == (0, "1234\n", "")
    assert json.loads(say(Reading("1", 0.95), "--min-confidence", "0.95", "--json", PHONE)[1])["accepted"] is True


def test_unsure_digits_are_marked_by_the_threshold_in_force_or_the_usual_one(say):
    symbols = tuple(
        Symbol(label, sure, (0, 0, 1, 1)) for label, sure in zip("1234", (0.999, 0.8, 0.97, 0.999), strict=True)
    )
    reading = Reading("1234", 0.77, symbols)
    assert say(reading, "--unsure", "mark", PHONE)[1] == "1?34\n"
    assert say(reading, "--unsure", "mark", "--min-confidence", "0.99", PHONE)[1] == "1??4\n"
    assert say(reading, "--unsure", "mark", "--min-confidence", "0.7", PHONE)[1:] == ("1234\n", "")
    assert say(reading, "--unsure", "empty", "--min-confidence", "0.99", PHONE)[1] == "\n"


def test_a_number_that_lacks_the_format_is_left_empty_and_told(say):
    reading = Reading("12-34", 0.0, fits=False)
    status, out, error = say(reading, "--format", "phone", PHONE)
    assert (status, out) == (0, "\n")
    assert error == f"recognizer: {PHONE} cannot be read as phone, but as '12-34': look at it yourself.\n"
    answer = json.loads(say(reading, "--format", "phone", "--json", PHONE)[1])
    assert (answer["number"], answer["accepted"]) == ("1234", False)
    assert answer["format"] == {"fits": False, "otherwise": ""}


def test_where_the_ink_says_otherwise_than_the_format_that_is_told(say):
    reading = Reading("12-34", 0.6, otherwise="12/34")
    assert say(reading, "--format", r"\d\d-\d\d", PHONE)[1:] == (
        "1234\n",
        f"recognizer: {PHONE} reads '12-34' as \\d\\d-\\d\\d, but rather '12/34' without.\n",
    )
    assert json.loads(say(reading, "--format", "date", "--json", PHONE)[1])["format"]["otherwise"] == "12/34"
    assert "format" not in json.loads(say(reading, "--json", PHONE)[1])


def test_the_format_decides_what_is_read(command: Command):
    assert command("--format", "digits:10", PHONE).stdout.decode().split() == [wanted(PHONE)]
    forced = json.loads(command("--format", "digits:5", "--json", PHONE).stdout)
    assert forced["confidence"] < 0.1
    assert len(forced["number"]) == 5 or not forced["format"]["fits"]


def test_the_most_errors_asked_for_set_the_confidence(say):
    reading = Reading("1234", 0.95)
    assert say(reading, "--max-error", "0.02", PHONE)[1:] == ("1234\n", "")
    status, out, error = say(reading, "--max-error", "0.01", PHONE)
    assert (status, out) == (0, "\n")
    assert "under 0.99: look at it yourself" in error
    assert say(Reading("1", 0.1), "--max-error", "0.1", PHONE)[1] == "1\n"


def test_errors_that_no_confidence_keeps_as_rare_are_a_wrong_command(say):
    status, out, error = say(Reading("1234", 0.95), "--max-error", "0.001", PHONE)
    assert (status, out) == (2, "")
    assert error == (
        "recognizer: no confidence is known to keep errors under 0.001: the least that can be promised is 0.005, "
        "at a confidence of 0.99, which 40% of the numbers reach.\n"
    )


def test_the_likeliest_numbers_are_told_below_each_input(say):
    reading = Reading("1-2", 0.9, (), (("1-2", 0.6), ("12", 0.3), ("17", 0.06)))
    assert say(reading, "--alternatives", "2", PHONE)[1] == "12\n  0.900000  12\n  0.060000  17\n"
    assert json.loads(say(reading, "--alternatives", "2", "--json", PHONE)[1])["readings"] == [
        ["1-2", 0.6],
        ["12", 0.3],
    ]


def test_one_input_of_several_lines_is_one_line_of_output(say):
    assert say(Reading("12\n34", 0.9), PHONE)[1] == "12 34\n"
    assert say(Reading("12\n34", 0.9), PHONE, ZIP)[1] == f"{PHONE}: 12 34\n{ZIP}: 12 34\n"


def test_a_copy_that_cannot_be_saved_is_told_and_the_number_printed(say, tmp_path, monkeypatch):
    def full(path: object, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recognizer.album.write_file", full)
    status, out, error = say(Reading("1234", 0.9), "--annotate", tmp_path, PHONE)
    assert (status, out) == (1, "1234\n")
    assert (
        error
        == f"recognizer: {tmp_path / PHONE.name} cannot be saved (No space left on device): name another folder.\n"
    )


def test_a_drawing_of_any_scale_is_read_the_same(command: Command, tmp_path):
    drawing = write("2750", Hand(5))
    for scale in (0.01, 1, 40):
        strokes = tuple(
            type(s)(tuple((x * scale, y * scale) for x, y in s.points), s.width * scale) for s in drawing.strokes
        )
        save_drawing(tmp_path / f"{scale}.inkml", Drawing(strokes))
    answers = command(*sorted(tmp_path.iterdir())).stdout.decode().splitlines()
    assert [answer.rpartition(": ")[2] for answer in answers] == ["2750"] * 3
