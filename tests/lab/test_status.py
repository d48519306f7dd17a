"""The lab's kernel does not say that it is busy for each click that it answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from jupyter_client.blocking import BlockingKernelClient

from tests.lab.running import running
from tests.patience import PATIENCE

WIDGET = """
from comm import create_comm
said = create_comm(target_name="test")
@said.on_msg
def answer(message):
    pipe = message["content"]["data"].get("wait for")
    if pipe:
        open(pipe).read()  # comes back once somebody has written
    said.send({"answer": True})
"""


def heard(client: BlockingKernelClient, asked: str, until: str) -> list[str]:
    """What is said about a message, up to a status."""
    said = []
    while not said or said[-1] != until:
        message: dict[str, Any] = client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") == asked:
            said.append(message["content"].get("execution_state", message["msg_type"]))
    return said


def test_kernel__says_that_it_is_busy_with_a_widget_only_when_that_takes_a_while(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with running() as (_, client):

        def ask(**data: str) -> str:
            message = client.session.msg("comm_msg", {"comm_id": comm, "data": data})
            client.shell_channel.send(message)
            return str(message["header"]["msg_id"])

        executed = client.execute(WIDGET)
        opened = [client.get_iopub_msg(timeout=PATIENCE)]
        while opened[-1]["msg_type"] != "comm_open":
            opened.append(client.get_iopub_msg(timeout=PATIENCE))
        comm = opened[-1]["content"]["comm_id"]
        assert heard(client, executed, "idle") == ["idle"]
        # once at least it has a tenth of a second for that, also on a busy machine
        assert any(heard(client, ask(), "idle") == ["comm_msg", "idle"] for _ in range(50))
        slow = ask(**{"wait for": str(pipe)})
        assert heard(client, slow, "busy") == ["busy"]
        pipe.write_text("go on")
        assert heard(client, slow, "idle") == ["comm_msg", "idle"]
        assert heard(client, client.execute("1"), "idle")[0] == "busy"
