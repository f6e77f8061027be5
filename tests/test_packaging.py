"""What is on disk is what is shipped, and what is shipped works without the clone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
SHIPPED = ("pyproject.toml", "README.md", "LICENSE", "engine", "grammar", "rules")
FOLDERS = {"zx.grammar": ROOT / "grammar", "zx.starter": ROOT / "rules"}

PRINT_DATA = """
import sys
from importlib.resources import files
for package in sys.argv[1:]:
    def walk(folder, path):
        for entry in folder.iterdir():
            if entry.is_dir():
                walk(entry, path + entry.name + "/")
            elif not entry.name.endswith((".py", ".pyc")):
                print(package, path + entry.name)
    walk(files(package), "")
"""


def folder_of(package: str) -> Path:
    return FOLDERS.get(package) or ROOT / "engine" / Path(*package.split("."))


def data_on_disk(package: str) -> set[str]:
    """Files of ``package`` that are neither Python nor notes for readers (Markdown), and belong to no package below it,
    as ``zx.grammar zx.lark``."""
    folder = folder_of(package)
    inner = {path.parent for path in folder.rglob("__init__.py")} - {folder}
    return {
        f"{package} {path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".md") and not inner & set(path.parents)
    }


def test_the_package_list_is_what_is_on_disk() -> None:
    on_disk = {
        ".".join(path.parent.relative_to(ROOT / "engine").parts) for path in (ROOT / "engine").rglob("__init__.py")
    }
    assert set(SETUPTOOLS["packages"]) == on_disk | set(FOLDERS)
    assert len(SETUPTOOLS["packages"]) == len(set(SETUPTOOLS["packages"]))


def test_every_data_file_is_packaged() -> None:
    for package in SETUPTOOLS["packages"]:
        patterns = SETUPTOOLS["package-data"].get(package, [])
        folder = folder_of(package)
        covered = {
            f"{package} {path.relative_to(folder).as_posix()}" for glob in patterns for path in folder.glob(glob)
        }
        assert data_on_disk(package) == covered, package


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_holds_what_the_project_asks_for(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))
    wanted = list(PROJECT["project"]["dependencies"]) + PROJECT["dependency-groups"]["build"]
    if lock == "requirements-dev.lock":
        wanted += PROJECT["project"]["optional-dependencies"]["dev"]
    for requirement in wanted:
        name, bounds = re.match(r"([A-Za-z0-9-]+)([^;]*)", requirement).groups()  # type: ignore[union-attr]
        assert name.lower() in locked, f"{requirement}: run `make lock`"
        for operator, bound in re.findall(r"(>=|<)([0-9.]+)", bounds):
            newer = numbers(locked[name.lower()]) >= numbers(bound)
            assert newer == (operator == ">="), f"{requirement}: locked is {locked[name.lower()]}, run `make lock`"
    assert "://" not in text and "index" not in text, "a lock names no place, only versions and hashes"


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is shipped, so that building leaves the clone clean."""
    copy = tmp_path_factory.mktemp("tree")
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in SHIPPED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=ignore)
        else:
            shutil.copy2(source, copy / name)
    return copy


@pytest.fixture(scope="module", params=["wheel", "editable"])
def installed(request: pytest.FixtureRequest, tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of a new environment that holds zx and sees the dependencies of this one."""
    environment = tmp_path_factory.mktemp(request.param)
    venv.create(environment, with_pip=False)
    paths = {"base": str(environment), "platbase": str(environment)}
    here = [entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
    Path(sysconfig.get_path("purelib", "venv", vars=paths), "dependencies.pth").write_text("\n".join(here) + "\n")
    scripts = Path(sysconfig.get_path("scripts", "venv", vars=paths))
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "--quiet", "--no-deps"]
    if request.param == "wheel":
        wheels = tmp_path_factory.mktemp("wheels")
        run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels), str(tree)])
        run([*pip, "--no-index", *map(str, wheels.glob("*.whl"))])
    else:
        run([*pip, "--no-index", "--no-build-isolation", "--editable", str(tree)])
    return scripts


def run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def run_away(command: list[str], folder: Path) -> str:
    """Runs ``command`` in an empty folder, with an environment that knows nothing but an empty home."""
    home, work = folder / "home", folder / "work"
    home.mkdir()
    work.mkdir()
    said = run(command, work, {"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"})
    assert list(work.iterdir()) == [], "nothing is left where it ran"
    return said


def test_all_data_comes_along(installed: Path, tmp_path: Path) -> None:
    packages = list(SETUPTOOLS["package-data"])
    found = run_away([str(installed / "python"), "-c", PRINT_DATA, *packages], tmp_path).splitlines()
    expected = {entry for package in packages for entry in data_on_disk(package)}
    assert expected and expected <= set(found)


def test_zx_says_its_version(installed: Path, tmp_path: Path) -> None:
    assert PROJECT["project"]["version"] in run_away([str(installed / "zx"), "--version"], tmp_path)


def test_the_demo_runs_from_nowhere(installed: Path, tmp_path: Path) -> None:
    said = run_away([str(installed / "zx"), "demo"], tmp_path)
    assert "invoices" in said
