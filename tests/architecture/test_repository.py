"""What the repository may hold: no address of a package source, no file that has outgrown its one sentence."""

import ast
import re

from scripts import lock
from tests.architecture.trees import ROOT, python_sources, relative, tracked_files

# Written in parts, since this file may not name them either.
PACKAGE_SOURCES = [
    "".join(parts)
    for parts in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("npm", "mirror.com"),
        ("registry.yarn", "pkg.com"),
        ("download.py", "torch.org"),
        ("conda.ana", "conda.org"),
    )
]
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
BINARY = {".png", ".gz", ".safetensors", ".woff2", ".ico", ".nii"}


def test_nothing_names_the_host_of_a_package_source() -> None:
    pattern = re.compile("|".join(map(re.escape, PACKAGE_SOURCES)))
    found = [
        f"{relative(path)}: {match.group()}"
        for path in tracked_files()
        if path.suffix not in BINARY and path.relative_to(ROOT).parts[0] != ".ci"
        for match in pattern.finditer(path.read_text(errors="replace"))
    ]
    assert found == []


def test_the_locks_name_exact_versions_and_nothing_else() -> None:
    for name in lock.HEADS:
        lines = [line for line in (ROOT / name).read_text().splitlines() if not line.startswith("#")]
        assert len(lines) > 20
        odd = [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.!]*", line)]
        assert odd == []


def test_the_locks_name_no_package_of_a_cuda_build() -> None:
    named = [line for name in lock.HEADS for line in (ROOT / name).read_text().splitlines()]
    assert [line for line in named if lock.CUDA.match(line)] == []
    assert lock.CUDA.match("nvidia-cublas-cu13==13.0")
    assert lock.CUDA.match("triton")


def test_the_locks_hold_what_the_project_asks_for() -> None:
    for name, text in lock.lock_texts().items():
        assert (ROOT / name).read_text() == text, f"{name} is out of date: run make lock"


def test_the_lock_of_the_browser_application_names_no_source() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text()
    assert '"integrity"' in text
    assert '"resolved"' not in text


def test_no_module_is_longer_than_ten_screens() -> None:
    sources = [path for path in tracked_files() if path.suffix in {".py", ".ts", ".tsx", ".mjs", ".css"}]
    generated = {"schema.d.ts"}
    long = {
        relative(path): lines
        for path in sources
        if path.name not in generated
        and "migrations" not in path.parts
        and (lines := path.read_text().count("\n")) > LONGEST_MODULE
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{relative(path)}:{node.name}": length
        for path in python_sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_file_is_larger_than_ten_megabytes() -> None:
    assert [relative(path) for path in tracked_files() if path.stat().st_size > 10e6] == []
