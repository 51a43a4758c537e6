"""What is given away: a wheel and a source archive that hold what they need, and work away from the source tree."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from test_command import PHONE, wanted

import recognizer

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None, reason="hatchling, which builds the packages, is not installed"
)

LARGEST = 10_000_000
"""Bytes of the wheel."""

STANDING_IN = {"ProgramData", "SYSTEMROOT", "TEMP", "TMP"}
"""Variables that Windows needs to start a program; all others are left out, PYTHONPATH above all."""


def built(source: Path, folder: Path, *targets: str) -> Path:
    """Build `source` into `folder` and return that."""
    line = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(
        [*line, *(part for target in targets for part in ("-t", target))],
        cwd=source, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("dist"), "wheel", "sdist")


@pytest.fixture(scope="module")
def wheel(packages: Path) -> Path:
    (found,) = packages.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def source(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, unpacked."""
    (found,) = packages.glob("*.tar.gz")
    folder = tmp_path_factory.mktemp("source")
    with tarfile.open(found) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # which Python 3.11.3 lacks
        archive.extractall(folder)
    (unpacked,) = folder.iterdir()
    return unpacked


def files_of(wheel: Path) -> dict[str, int]:
    """The names in a wheel and the checksums of what they hold."""
    with ZipFile(wheel) as archive:
        return {info.filename: info.CRC for info in archive.infolist()}


def test_the_wheel_is_small_and_whole(wheel):
    assert wheel.name == f"recognizer-{recognizer.__version__}-py3-none-any.whl"
    assert wheel.stat().st_size < LARGEST
    held = files_of(wheel)
    for package in ("recognizer", "training", "ui"):
        ours = {path.relative_to(ROOT).as_posix() for path in (ROOT / package).rglob("*") if path.suffix != ".pyc"}
        wanted_files = {name for name in ours if (ROOT / name).is_file()}
        assert f"{package}/py.typed" in wanted_files
        assert wanted_files <= set(held)
    assert {name.partition("/")[0].partition("-")[0] for name in held} == {"recognizer", "training", "ui"}


def test_the_source_archive_builds_the_same_wheel(wheel, source, tmp_path):
    (again,) = built(source, tmp_path, "wheel").glob("*.whl")
    assert files_of(again) == files_of(wheel)


def test_the_source_archive_holds_what_its_documents_and_tests_name(source):
    for name in ("README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", "docs/canvas.png", "docs/threats.md"):
        assert (source / name).is_file(), name
    tests = {path.name for path in (ROOT / "tests").glob("*.py")}
    assert {path.name for path in (source / "tests").glob("*.py")} == tests


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of console scripts of an environment that has the wheel, and borrows only what it depends on."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    line = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "--no-deps", "--no-index"]
    done = subprocess.run([*line, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (libraries,) = {Path(path) for path in home.rglob("site-packages")}
    (libraries / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return scripts


def run(program: Path, *arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run an installed program in `folder`, away from the source tree and from its environment variables."""
    environment = {name: value for name, value in os.environ.items() if name in STANDING_IN}
    line = [str(program), *map(str, arguments)]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_installed_command_reads_away_from_the_source_tree(installed, tmp_path):
    (tmp_path / "phone.png").write_bytes(PHONE.read_bytes())
    done = run(installed / "recognizer", "phone.png", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{wanted(PHONE)}\n")
    where = run(installed / "python", "-c", "import recognizer; print(recognizer.__file__)", folder=tmp_path).stdout
    assert Path(where.strip()).is_relative_to(installed.parent)


@pytest.mark.parametrize("script", ["recognizer", "recognizer-ui", "recognizer-train"])
def test_every_installed_script_tells_its_version_and_its_help(installed, tmp_path, script):
    assert run(installed / script, "--version", folder=tmp_path).stdout.split()[-1] == recognizer.__version__
    done = run(installed / script, "--help", folder=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("usage: ")


def test_what_is_installed_fits_together():
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_dependency_is_locked_for_the_tests_within_its_bounds():
    """What the extra `ray` needs is left out: no test needs it."""
    locked = {}
    for line in (ROOT / ".ci" / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            pin = Requirement(line)
            if pin.marker is None or pin.marker.evaluate():
                (version,) = pin.specifier
                assert version.operator == "=="
                locked[canonicalize_name(pin.name)] = version.version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = [Requirement(line) for line in [*project["dependencies"], *extras["dev"], *extras["pdf"], *extras["train"]]]
    assert len(named) > 15
    for one in named:
        name = canonicalize_name(one.name)
        assert name == "recognizer" or one.specifier.contains(locked[name]), one
