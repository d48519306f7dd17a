"""The lab's kernel reads its story ahead, and answers whatever is asked while a reply goes out to somebody who has left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

from gamebook_lab.lab.server import STORY_VARIABLE
from tests.lab.running import running
from tests.patience import PATIENCE

ROUNDS = 2000
"""ipykernel 7.3's own kernel never came through more than 665 of them."""
ANSWER_MS = 60_000


@pytest.fixture
def kernel() -> Iterator[KernelManager]:
    with running() as (manager, _):
        yield manager


ASKED = """
import os, time
from gamebook_lab.widgets import open_sessions
deadline = time.monotonic() + 120
while not list(open_sessions._sessions) and time.monotonic() < deadline:
    time.sleep(0.01)  # nobody has asked for the story in here
(session,) = open_sessions._sessions
assert session.path.name == "tiny.twee"
assert "GAMEBOOK_LAB_STORY" not in os.environ, "programs that it starts would read the story as well"
assert gb.Studio("tiny.twee").session is session
"""


def test_kernel__reads_the_story_that_it_is_told_of_before_it_is_asked(tmp_path: Path) -> None:
    (tmp_path / "tiny.twee").write_text(":: Start\n[[Cellar]]\n\n:: Cellar\nDark.\n")
    story = {STORY_VARIABLE: str(tmp_path / "tiny.twee")}
    with running(**story) as (_, client):
        code = f"import os; os.chdir({str(tmp_path)!r})\n{ASKED}"
        reply = client.execute_interactive(code, timeout=PATIENCE, allow_stdin=False, output_hook=print)["content"]
        assert reply["status"] == "ok", reply


def test_kernel__reads_what_comes_while_it_answers_another(kernel: KernelManager) -> None:
    asks = kernel.connect_shell()
    for number in range(ROUNDS):
        # what the server does for each page that is opened
        leaves = kernel.connect_shell()
        kernel.session.send(leaves, "kernel_info_request")
        if number % 2:
            leaves.close(0)
        kernel.session.send(asks, "kernel_info_request")
        assert asks.poll(ANSWER_MS), f"round {number}: no answer"
        asks.recv_multipart()
        leaves.close(0)
    asks.close(0)
