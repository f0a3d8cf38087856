"""A visitor of the portal in a real browser: signs in, looks, keeps pictures, and is checked by axe."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.fixtures_server import PASSWORD

__all__ = ["PATIENCE", "PICTURES", "QUIET", "Visitor", "built"]

QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""Flags with which Chromium asks nobody for anything."""

PATIENCE = 90_000
"""How long a state of a page is waited for, in milliseconds: many times what it takes, since machines are at times slow."""

_ROOT = Path(__file__).parent.parent
PICTURES = _ROOT / "out" / "screens"
"""Where pictures of pages are kept for people to look at; not in git."""

_THROWN = "thrown: "
_MEASURED = ("Measure loop restarted", "Viewport failed to stabilize", "ResizeObserver loop")
_FITS = "() => document.documentElement.scrollWidth <= window.innerWidth + 1"
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_SETTLED = """() => Promise.race([
  new Promise((done) => setTimeout(done, 10_000)),
  Promise.all(document.getAnimations()
    .filter((each) => each.effect?.getComputedTiming().iterations !== Infinity)
    .map((each) => each.finished.catch(() => null))),
]).then(() => null)"""
_RUN = """async (tags) => {
  const found = await window.axe.run(document, {
    runOnly: { type: "tag", values: tags },
    resultTypes: ["violations"],
  });
  return found.violations.map((each) => ({
    rule: each.id,
    help: each.help,
    where: each.nodes.map((node) => node.target.join(" ") + " | " + node.html.slice(0, 160) + " | " + node.failureSummary),
  }));
}"""


def built() -> None:
    """Skips the test where the portal was not built."""
    folder = os.environ.get("GURITA_PORTAL") or _ROOT / "src/gurita/server/portal"
    if not (Path(folder) / "index.html").is_file():
        pytest.skip("portal: not built here (scripts/build)")


@cache
def _axe() -> str:
    place = _ROOT / "web/node_modules/axe-core/axe.min.js"
    if not place.is_file():
        pytest.skip("axe-core: not on this machine (scripts/test installs it)")
    return place.read_text(encoding="utf-8")


@dataclass
class Visitor:
    """A page of its own profile, and what its console complained of."""

    context: BrowserContext
    page: Page
    scheme: str
    width: int
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    @classmethod
    def arriving(cls, browser: Browser, scheme: str, width: int, height: int) -> Visitor:
        """A new visitor with a window of this size (CSS pixels) and the system's theme."""
        context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
        )
        made = cls(context, context.new_page(), scheme, width)
        made.page.set_default_timeout(PATIENCE)
        made.page.on("console", lambda told: made._note(told.type, told.text))
        made.page.on("pageerror", lambda error: made._note("error", f"{_THROWN}{error}"))
        return made

    def _note(self, kind: str, text: str) -> None:
        """Whoever is not signed in gets a 401, which a browser tells too; everything else is a fault.

        So is none of what slow machines say when a window changes its size: that it was measured once more.
        """
        forgiven = [*_MEASURED, *([] if text.startswith(_THROWN) else ["401 (Unauthorized)", *self.forgiven])]
        if kind in {"error", "warning"} and not any(each in text for each in forgiven):
            self.complaints.append(text)

    def forgive(self, *texts: str) -> None:
        """Complaints with one of these texts are no fault in this test, e.g. `409 (Conflict)`."""
        self.forgiven.extend(texts)

    def sign_in(self, url: str, path: str = "", *, name: str = "admin", password: str = PASSWORD) -> Page:
        """Opens `{url}/app/{path}`, signs in on the way, and waits until the page stands."""
        self.page.goto(f"{url}/app/{path}")
        self.page.get_by_label("User name").fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("Sign in to Gurita")
        self.settled()
        return self.page

    def go(self, url: str, path: str) -> Page:
        """Opens another page of the portal from its address alone, and waits until it stands."""
        self.page.goto(f"{url}/app/{path}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.settled()
        return self.page

    def settled(self) -> None:
        """Returns once no part of the page says that it is on its way, and nothing moves any more."""
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.page.evaluate(_SETTLED)

    def heard(self) -> None:
        """Returns once the frame hears keys and the server's events."""
        expect(self.page.locator("[data-freshness=live]")).to_be_attached()

    def picture(self, name: str) -> None:
        """Keeps what is seen, below out/screens, named by page, theme and width."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}-{self.scheme}-{self.width}.png", full_page=True)

    def look_everywhere(self, name: str) -> None:
        """Looks at the page in light, dark and at 320 px, and leaves it light and as wide as it was."""
        was = self.page.viewport_size
        for scheme, width in (("dark", 1280), ("light", 320), ("light", 1280)):
            self.scheme, self.width = scheme, width
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            self.page.set_viewport_size({"width": width, "height": 900})
            self.look(name)
        assert was
        self.page.set_viewport_size(was)
        self.width = was["width"]

    def assert_accessible(self) -> None:
        """axe finds nothing on the page as it stands: WCAG 2.2 AA and best practices.

        What it finds must still be there when it looks again: a part that came while it looked is no fault.
        """
        found: list[dict[str, Any]] = []
        for pause in (0, 500, 2000):
            self.page.wait_for_timeout(pause)
            self.settled()
            self.page.evaluate(_axe())
            found = self.page.evaluate(_RUN, list(_RULES))
            if not found:
                return
        raise AssertionError(json.dumps(found, indent=1))

    def assert_fits(self) -> None:
        """Nothing of the page sticks out at the side, once all has taken its place."""
        self.settled()
        try:
            self.page.wait_for_function(_FITS, timeout=20_000)
        except TooLate:
            wide = self.page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
            raise AssertionError(f"the page is {wide[0]} pixels wide in a window of {wide[1]}") from None

    def look(self, name: str) -> None:
        """A picture, axe, and whether everything fits: what every page must stand, in every theme and width."""
        self.settled()
        self.picture(name)
        self.assert_fits()
        self.assert_accessible()

    def leave(self) -> None:
        """Closes the profile."""
        self.context.close()
