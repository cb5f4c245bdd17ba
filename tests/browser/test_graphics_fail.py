"""Graphics that are lost come back with the work; a browser without WebGL2 is told so."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import acting
from tests.browser.conftest import SignIn
from tests.browser.loss import sequence, shown_volume
from tests.integration.running.processes import wait_until

WITHOUT_WEBGL2 = """
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
        return kind === "webgl2" ? null : real.call(this, kind, ...more);
    };
"""


def lose_graphics(page: Page) -> None:
    page.evaluate(
        "() => document.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()"
    )


def test_lost_graphics_come_back_with_every_stroke(sign_in: SignIn) -> None:
    page = sign_in("novice")
    acting.open_next_case(page)
    acting.paint(page, dx=0.15)
    painted = shown_volume(page)
    page.evaluate("() => { document.querySelector('canvas').dataset.old = 'yes' }")
    lose_graphics(page)
    page.wait_for_function("() => document.querySelector('canvas').dataset.old !== 'yes'")
    acting.wait_for_pictures(page)
    assert shown_volume(page) == painted
    acting.paint(page, dx=0.15, dy=0.1)
    assert shown_volume(page) != painted


def test_the_stroke_during_which_the_graphics_fail_is_kept_and_sent(sign_in: SignIn) -> None:
    page = sign_in("novice")
    key = acting.open_next_case(page)
    before, volume = sequence(page, key), shown_volume(page)
    page.evaluate("() => { document.querySelector('canvas').dataset.old = 'yes' }")
    with acting.stroke(page, dx=-0.1, dy=-0.05):
        lose_graphics(page)
    page.wait_for_function("() => document.querySelector('canvas').dataset.old !== 'yes'")
    acting.wait_for_pictures(page)
    assert shown_volume(page) != volume
    wait_until(lambda: sequence(page, key) > before, "the stroke arrived", seconds=30)


def test_a_browser_without_webgl2_is_told_so(sign_in: SignIn) -> None:
    page = sign_in("novice")
    page.add_init_script(WITHOUT_WEBGL2)
    page.goto("/")
    page.get_by_role("link", name=re.compile("continue", re.IGNORECASE)).first.click()
    expect(page.get_by_role("alert").get_by_text(re.compile("WebGL ?2"))).to_be_visible(timeout=60_000)
