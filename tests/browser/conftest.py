"""A platform that really runs, with its demo, and a browser that people would use."""

from __future__ import annotations

import json
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.workbench.browser import forget_settings
from tests.browser import acting
from tests.integration.running.processes import Platform, wait_until

DEMO_SECONDS = 600.0
QUIET = (
    "--headless",
    # Without a graphics card its software draws WebGL; the page itself is painted faster by the browser's own hand.
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
SignIn = Callable[[str], Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives Chromium and may take longer than other tests."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """`overread run` with its demo, on a port and a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="overread-browser-") as folder:
        running = Platform(Path(folder), demo=True)
        try:
            wait_until(running.is_announced, "the platform is ready", seconds=DEMO_SECONDS)
            yield running
        finally:
            running.send(signal.SIGINT)
            running.wait()
            running.end()


@pytest.fixture(scope="session")
def passwords(platform: Platform) -> dict[str, tuple[str, str]]:
    """E-mail address and password of the demo's people, by key: lead, expert1, expert2, novice, admin."""
    accounts = json.loads((platform.data / "demo-accounts.json").read_text())
    return {account["key"]: (account["email"], account["password"]) for account in accounts}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("OVERREAD_CHROMIUM", "")
    if not path:
        pytest.skip("NOT RUN: no Chromium; run these tests with 'make test-browser'")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, platform: Platform) -> Iterator[BrowserContext]:
    """A browser of one person: cookies and storage of its own."""
    made = chromium.new_context(
        base_url=f"http://127.0.0.1:{platform.port}", viewport={"width": 1366, "height": 768}, accept_downloads=True
    )
    made.set_default_timeout(30_000)
    yield made
    made.close()


@pytest.fixture
def sign_in(context: BrowserContext, passwords: dict[str, tuple[str, str]]) -> SignIn:
    """Sign somebody of the demo in through the page, with settings as new, and out whoever was there before."""

    def enter(key: str) -> Page:
        context.clear_cookies()
        page = context.new_page()
        acting.sign_in(page, passwords[key])
        forget_settings(page)
        return page

    return enter
