"""Failed sign-ins are counted right by several web processes at once, with the cache that needs no server."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TRY = """
import sys, time
sys.path[:0] = [{root!r}, {root!r} + "/platform"]
import django
django.setup()
from core.caching import LockedFileCache
cache = LockedFileCache({folder!r}, {{}})
while time.time() < {start}:
    pass
sys.stdout.write("".join(str(int(cache.add(f"key{{n}}", n))) for n in range(200)))
"""


def test_of_several_processes_exactly_one_adds_a_key(tmp_path: Path) -> None:
    import time

    code = TRY.format(root=str(ROOT), folder=str(tmp_path), start=time.time() + 4)
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "OVERREAD_DATA_DIR": str(tmp_path / "data")}
    tries = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    won = [process.communicate(timeout=60)[0] for process in tries]
    assert [len(answers) for answers in won] == [200] * 3
    assert [sum(map(int, column)) for column in zip(*won, strict=True)] == [1] * 200
