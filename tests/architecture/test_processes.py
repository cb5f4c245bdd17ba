"""What each process may load, and where the environment is read."""

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.trees import ROOT, SOURCE_ROOTS, python_sources, relative

NAMES = {"environ", "environb", "getenv"}
LOAD_THE_WEB = """
import json, sys
from config.wsgi import application
from django.urls import get_resolver

def walk(patterns):
    count = 0
    for pattern in patterns:
        count += walk(pattern.url_patterns) if hasattr(pattern, "url_patterns") else 1
    return count

addresses = walk(get_resolver().url_patterns)
heavy = sorted({"torch", "monai", "onnxruntime"} & set(sys.modules))
print(json.dumps({"addresses": addresses, "heavy": heavy}))
"""


def test_platform_is_the_standard_library() -> None:
    assert platform.python_version() == ".".join(map(str, sys.version_info[:3]))
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_platform_is_the_standard_library_with_both_source_roots_on_the_path() -> None:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    code = "import platform, config; print(platform.python_version())"
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == platform.python_version()


def test_the_web_process_never_loads_torch(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOAD_THE_WEB],
        cwd=ROOT,
        env={**os.environ, "OVERREAD_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout.splitlines()[-1])
    assert found["addresses"] > 20
    assert found["heavy"] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        f"{relative(path)}:{line}"
        for path in python_sources()
        if path.relative_to(ROOT).parts[0] in SOURCE_ROOTS and "config/settings" not in path.as_posix()
        for line in _readings(ast.parse(path.read_text()))
    ]
    assert readers == []


def test_a_reading_of_the_environment_would_be_found() -> None:
    code = 'import os\nos.environ.setdefault("A", "b")\nx = {**os.environ}\ny = os.environ["A"]\nz = os.getenv("A")\n'
    assert list(_readings(ast.parse(code))) == [4, 5]


def _readings(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that read a variable. Setting a default, and handing all on to a child, is no reading."""
    harmless = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            if isinstance(function, ast.Attribute) and function.attr == "setdefault":
                harmless.add(id(function.value))
        if isinstance(node, ast.Dict):
            harmless |= {id(value) for key, value in zip(node.keys, node.values, strict=True) if key is None}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_environment(node) and id(node) not in harmless:
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "os" and {name.name for name in node.names} & NAMES:
            yield node.lineno


def _is_environment(node: ast.Attribute) -> bool:
    return node.attr in NAMES and isinstance(node.value, ast.Name) and node.value.id == "os"
