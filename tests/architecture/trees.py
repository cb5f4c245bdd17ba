"""The repository's files, and copies of its source trees in which a test may plant a mistake."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE_ROOTS = ("platform", "annotation", "inference", "evaluation")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file of the repository that git knows or would add; at least the ones that are there for sure."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = tuple(path for line in listed.splitlines() if (path := ROOT / line).is_file())
    assert len(files) > 100, "git listed hardly any file: the tests of the repository would pass on nothing"
    return files


def python_sources() -> list[Path]:
    """Every Python file of the application and its tests, migrations left out."""
    return [path for path in tracked_files() if path.suffix == ".py" and "migrations" not in path.parts]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def copy_of_server(target: Path) -> Path:
    """Copy what the import contracts look at."""
    for name in SOURCE_ROOTS:
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def copy_of_frontend(target: Path) -> Path:
    """Copy what dependency-cruiser looks at; the packages are linked."""
    frontend = ROOT / "frontend"
    for name in ("src", "scripts"):
        shutil.copytree(frontend / name, target / name)
    for name in (".dependency-cruiser.cjs", "tsconfig.json", "package.json"):
        shutil.copy(frontend / name, target)
    (target / "node_modules").symlink_to(frontend / "node_modules")
    return target
