"""A real JupyterLab, started as a user starts it, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.lab import CHROMIUM, CHROMIUM_ARGUMENTS, OPEN_MS, SHOWN_MS, Lab, serve, serve_folder
from tests.browser.shared_lab import SharedLab

expect.set_options(timeout=SHOWN_MS)
LABS = pytest.StashKey[list[Lab]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A test that fails tells what was to be seen."""
    report = yield
    if call.when == "call" and report.failed:
        report.sections += [(f"seen of {lab.url}", lab.seen()) for lab in item.stash.get(LABS, [])]
    return report


def patient(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(SHOWN_MS)
    context.set_default_navigation_timeout(OPEN_MS)
    return context


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium on this machine (`make chromium` installs Debian's)")
                )


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1400, "height": 900}}


@pytest.fixture(scope="session")
def shared_lab(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[SharedLab]:
    """One ``gamebook lab`` for all tests that need none of their own."""
    log: list[str] = []
    with (
        serve_folder(tmp_path_factory.mktemp("lab"), log=log) as (url, work),
        browser.new_context(**browser_context_args) as context,
    ):
        yield SharedLab(url, work, patient(context), log)


@pytest.fixture
def open_lab(
    shared_lab: SharedLab, browser_context_args: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Lab]]:
    """Open a copy of a story as ``gamebook lab STORY`` does, with a kernel and a page of its own, on the shared server."""
    opened = request.node.stash.setdefault(LABS, [])

    def start(story: Path, **options: Any) -> Lab:
        opened.append(shared_lab.open(story, **{"viewport": browser_context_args["viewport"], **options}))
        return opened[-1]

    yield start
    for lab in opened:
        if lab.log is shared_lab.log:
            shared_lab.close(lab.page)


@pytest.fixture
def start_lab(
    tmp_path: Path, browser: Browser, browser_context_args: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Lab]]:
    """Start ``gamebook lab STORY`` on a copy of the story, or without one ``gamebook dashboard``, and open the page it prints."""
    with ExitStack() as stack:

        def start(story: Path | None = None) -> Lab:
            log: list[str] = []
            if story is None:
                url, work = stack.enter_context(serve_folder(tmp_path / "lab", "dashboard", log))
            else:
                url, copy = stack.enter_context(serve(story, tmp_path / "lab", log))
                work = copy.parent
            context = patient(stack.enter_context(browser.new_context(**browser_context_args)))
            lab = Lab(url, work, context.new_page(), log)
            request.node.stash.setdefault(LABS, []).append(lab)
            lab.page.goto(url)
            return lab

        yield start
