"""A browser to measure with: software WebGL, a probe in every page, and clocks that the browser itself keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

PROBE = Path(__file__).with_name("probe.js")
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-quic", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
VIEWPORT = {"width": 1366, "height": 768}
PATIENCE_MS = 180_000


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Start Chromium, as the browser tests do, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser, address: str) -> BrowserContext:
    """Return a person's browser with an empty cache; the probe is in every page of it."""
    context = browser.new_context(base_url=address, viewport=VIEWPORT)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(path=PROBE)
    return context


def sign_in(context: BrowserContext, email: str, password: str) -> Page:
    """Sign in through the page, with settings as new, and wait until the home page has settled."""
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    forget_settings(page)
    page.get_by_role("link", name="Continue").wait_for()
    page.wait_for_timeout(4000)
    return page


def settings(page: Page) -> dict[str, Any]:
    """Return what the account keeps of the person's settings of the workbench."""
    return dict(_kept_settings(page)[1]["choices"])


def forget_settings(page: Page) -> None:
    """Let the account keep no settings, as of somebody who was never here."""
    path, kept = _kept_settings(page)
    if kept["choices"]:
        token = next(cookie["value"] for cookie in page.context.cookies() if cookie.get("name") == "csrftoken")
        answer = page.request.put(path, data={**kept, "choices": {}}, headers={"X-CSRFToken": token})
        assert answer.ok, answer.text()


def _kept_settings(page: Page) -> tuple[str, dict[str, Any]]:
    path = f"/api/v1/users/{page.request.get('/api/v1/me/').json()['id']}/workbench/"
    return path, page.request.get(path).json()


@dataclass(frozen=True)
class Marks:
    """Totals since the browser started, in ms of CPU: of the page's thread, of script in it, of the whole browser."""

    thread: float
    script: float
    cpu: float


class Clocks:
    """The browser's own totals of CPU time: of the page's thread in tasks and in script, and of all its processes."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self._page = page
        self.session: CDPSession = page.context.new_cdp_session(page)
        # Thread ticks: what the thread computed. Waiting for the graphics process or for a busy machine is not in it.
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._whole = browser.new_browser_cdp_session()

    def now(self) -> Marks:
        rows = self.session.send("Performance.getMetrics")["metrics"]
        totals = {row["name"]: 1000 * float(row["value"]) for row in rows}
        processes = self._whole.send("SystemInfo.getProcessInfo")["processInfo"]
        return Marks(
            thread=totals["TaskDuration"],
            script=totals["ScriptDuration"],
            cpu=1000 * sum(float(process["cpuTime"]) for process in processes),
        )

    def since(self, before: Marks) -> Marks:
        after = self.now()
        return Marks(*(getattr(after, name) - getattr(before, name) for name in ("thread", "script", "cpu")))

    def memory(self) -> tuple[float, float]:
        """Return MB of script objects and their buffers after a forced collection, and MB of live textures."""
        for _ in range(2):
            self.session.send("HeapProfiler.collectGarbage")
        usage = self.session.send("Runtime.getHeapUsage")
        used = float(usage["usedSize"]) + float(usage.get("backingStorageSize", 0))
        return used / 1e6, float(self._page.evaluate("overreadProbe.textureBytes")) / 1e6


def call(page: Page, expression: str) -> Any:
    """Return what an expression of the page comes to."""
    return page.evaluate(expression)


def wait_for_picture(page: Page) -> None:
    """Wait until the graphics driver has finished the first picture since the last click or reset."""
    page.wait_for_function("() => overreadProbe.pictureAt !== null", timeout=PATIENCE_MS)


def wait_for_sequences(page: Page) -> None:
    """Wait until every sequence is loaded: no loader turns any more."""
    wait_for_picture(page)
    try:
        page.wait_for_function("() => document.querySelector('.mantine-Loader-root') === null", timeout=PATIENCE_MS)
    except TooLate as error:
        turning = page.locator(".mantine-Loader-root").locator("xpath=..").all_inner_texts()
        raise RuntimeError(f"Still loading at {page.url}: {turning} in: {page.inner_text('body')}") from error


def go(page: Page, path: str) -> None:
    """Go to an address inside the application, without loading it anew."""
    page.evaluate(
        """path => {
            Object.assign(overreadProbe, { clickedAt: performance.now(), uploadedAt: null, pictureAt: null });
            history.pushState(null, "", path);
            dispatchEvent(new PopStateEvent("popstate", { state: null }));
        }""",
        path,
    )


def transfers(page: Page, part: str, *, since: float = 0) -> list[dict[str, Any]]:
    """Return start, end (ms of the page's clock) and bytes of what was loaded from addresses with this part."""
    rows = page.evaluate(
        """since => performance.getEntriesByType("resource").filter((row) => row.startTime >= since)
            .map((row) => ({ name: row.name, start: row.startTime, end: row.responseEnd, bytes: row.transferSize }))""",
        since,
    )
    return [row for row in rows if part in row["name"]]


def union_ms(rows: list[dict[str, Any]], until: float) -> float:
    """Return how long at least one of the transfers was under way before a moment."""
    total, reached = 0.0, 0.0
    for row in sorted(rows, key=lambda row: float(row["start"])):
        start, end = max(float(row["start"]), reached), min(float(row["end"]), until)
        total += max(0.0, end - start)
        reached = max(reached, end)
    return total


def accounts(data: Path) -> dict[str, tuple[str, str]]:
    """Return e-mail address and password of the scene's people."""
    rows = json.loads((data / "demo-accounts.json").read_text(encoding="utf-8"))
    return {row["key"]: (row["email"], row["password"]) for row in rows}
