"""The process in which the local cluster lives: scheduler, nannies and supervisor, apart from whoever owns them.

An owner that holds the interpreter for long (a notebook kernel does) would otherwise keep the nannies from seeing that
a worker grows beyond its memory. Started by :mod:`gamebook_lab.parallel.cluster`, which writes one pickled
:class:`~gamebook_lab.parallel.protocol.Order` and then commands to standard input, and reads pickled messages from standard output. When
the input ends, the owner has ended, whatever it died of: everything here is killed at once.

Everything listens on 127.0.0.1 only.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import queue
import sys
import threading
import time
from typing import IO, Any, Final

from gamebook_lab.parallel.protocol import Demand, Ease, Order, Ready, Restart

__all__ = ["main"]

_NICENESS: Final = 10
_MOST_UNSENT: Final = 20
"""Messages that may wait for an owner that reads nothing before samples are left out."""


_DASK: Final = {
    "distributed.worker.multiprocessing-method": "forkserver" if sys.platform == "linux" else "spawn",
    "distributed.worker.memory.target": 0.6,
    "distributed.worker.memory.spill": 0.7,
    "distributed.worker.memory.pause": 0.8,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.scheduler.allowed-failures": 3,
    # A kernel may rightly hold the interpreter for minutes. Stopped workers are found by the supervisor, hung tasks
    # by their time limits.
    "distributed.scheduler.worker-ttl": "1 hour",
    "distributed.comm.timeouts.connect": "10s",
}


def main() -> None:
    """Serve the owner until it ends or closes our input."""
    logging.basicConfig(level=logging.CRITICAL)
    messages: IO[bytes] = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not mix with the messages
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    order = Order(*pickle.load(sys.stdin.buffer))  # noqa: S301  # from the process that started this one
    outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_send, args=(outbox, messages), daemon=True).start()
    asyncio.run(_serve(order, outbox))


def _send(outbox: queue.SimpleQueue[Any], messages: IO[bytes]) -> None:
    """Write messages, on a thread of its own: the owner may be too busy to read them."""
    with contextlib.suppress(OSError):
        while True:
            pickle.dump(outbox.get(), messages, pickle.HIGHEST_PROTOCOL)
            messages.flush()


async def _serve(order: Order, outbox: queue.SimpleQueue[Any]) -> None:
    from dask import config
    from distributed.scheduler import Scheduler

    from gamebook_lab.parallel.scaling import Policy
    from gamebook_lab.parallel.status import Sample
    from gamebook_lab.parallel.supervisor import Supervisor

    def tell(message: object) -> None:
        if not isinstance(message, Sample) or outbox.qsize() < _MOST_UNSENT:
            outbox.put(message)

    config.set(_DASK)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False, dashboard_address="127.0.0.1:0") as scheduler:
        policy = Policy(order.minimum, order.maximum, order.cores, order.cpu_limit, order.threads_per_worker)
        supervisor = Supervisor(scheduler, policy, order.worker_bytes, tell)
        _on_threads(asyncio.get_running_loop(), supervisor)
        tell(Ready(scheduler.address))
        await supervisor.supervise()


def _on_threads(loop: asyncio.AbstractEventLoop, supervisor: Any) -> None:
    """Listen to the owner on threads, which work even while the event loop is busy."""

    def obey() -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                match pickle.load(sys.stdin.buffer):  # noqa: S301  # from the process that started this one
                    case Demand(n_tasks):
                        loop.call_soon_threadsafe(supervisor.demand, n_tasks)
                    case Ease():
                        loop.call_soon_threadsafe(supervisor.ease)
                    case Restart(address, cause):
                        loop.call_soon_threadsafe(supervisor.restart, address, cause)
        _end()

    def watch_owner(owner: int) -> None:
        # A child that the owner forked may hold our input open after the owner has ended.
        while os.getppid() == owner:
            time.sleep(1.0)
        _end()

    threading.Thread(target=obey, daemon=True).start()
    threading.Thread(target=watch_owner, args=(os.getppid(),), daemon=True).start()


def _end() -> None:
    """End at once, with all that was started here; a stopped worker would not end by itself."""
    import psutil

    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            process.kill()
    os._exit(0)


if __name__ == "__main__":
    main()
