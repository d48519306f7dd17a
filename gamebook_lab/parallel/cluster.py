"""The owner's side of a cluster: the local one in its own process, or one that is there already.

Both give samples and notices, take restarts, and say when they are lost; the pool knows no other difference.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import psutil

from gamebook_lab.errors import PoolError
from gamebook_lab.parallel.protocol import Demand, Ease, Order, Ready, Restart
from gamebook_lab.parallel.status import Notice, Sample, WorkerStatus, spilled
from gamebook_lab.telemetry import follow

__all__ = ["Cluster", "LocalCluster", "RemoteCluster", "checked_address"]

_START_SECONDS: Final = 60.0
_SILENT_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 2.0
_REMOTE_PERIOD_SECONDS: Final = 1.0


class Cluster(Protocol):
    """What the pool asks of a cluster. All methods are for the pool's event loop."""

    is_local: bool

    async def start(self) -> str:
        """Start it or find it, and give the scheduler's address."""

    async def watch(self, client: Any) -> None:
        """Pass samples and notices on, until the cluster is lost."""

    def demand(self, n_tasks: int) -> None:
        """Tell how many tasks wait or run."""

    def ease(self) -> None:
        """Use a worker less for a while."""

    async def restart(self, client: Any, address: str, cause: str) -> None:
        """Replace a worker."""

    def close(self) -> None:
        """Let go of it; the local one ends."""


class LocalCluster:
    """A cluster in a process of its own, which ends with this process.

    Parameters
    ----------
    order
        What to start.
    tell
        Is given every :class:`Sample` and :class:`Notice`, on the pool's event loop.
    """

    is_local = True

    def __init__(self, order: Order, tell: Callable[[Sample | Notice], object]) -> None:
        self._order = order
        self._tell = tell
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: asyncio.Queue[Any] = asyncio.Queue()
        self._unfollow: Callable[[], None] = lambda: None

    async def start(self) -> str:
        """Start the process, and give the scheduler's address."""
        if not sys.executable:
            raise PoolError("there is no Python interpreter to start processes with")
        self._process = subprocess.Popen(  # noqa: ASYNC220  # quick; this very interpreter, fixed arguments
            [sys.executable, "-P", "-m", "gamebook_lab.parallel.cluster_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **_THREADS},
            start_new_session=True,  # an interrupt typed at the owner's terminal is not for the workers
        )
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop, self._process), daemon=True).start()
        self._write(tuple(self._order))
        try:
            ready = await asyncio.wait_for(self._messages.get(), _START_SECONDS)
        except TimeoutError:
            ready = None
        if not isinstance(ready, Ready):
            self.close()
            raise PoolError("the workers' process did not start: run `python -m gamebook_lab.parallel.cluster_process`")
        self._unfollow = follow("cluster", self._process.pid)
        return ready.address

    async def watch(self, client: Any) -> None:  # noqa: ARG002  # the other kind of cluster needs it
        """Pass messages on until the process ends, or says nothing for long, or nothing because it was stopped."""
        n_silent = 0
        while n_silent * _LOOK_SECONDS < _SILENT_SECONDS:
            try:
                message = await asyncio.wait_for(self._messages.get(), _LOOK_SECONDS)
            except TimeoutError:
                n_silent += 1
                if self._is_stopped():
                    return
                continue
            if message is None:
                return
            n_silent = 0
            self._tell(message)

    def demand(self, n_tasks: int) -> None:
        """Tell how many tasks wait or run."""
        self._write(Demand(n_tasks))

    def ease(self) -> None:
        """Have it use a worker less for a while."""
        self._write(Ease())

    async def restart(self, client: Any, address: str, cause: str) -> None:  # noqa: ARG002  # as above
        """Have the worker killed; its nanny starts another."""
        self._write(Restart(address, cause))

    def close(self) -> None:
        """End the process and all its workers."""
        self._unfollow()
        process = self._process
        if process is None:
            return
        with contextlib.suppress(OSError):
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(0.0 if self._is_stopped() else 2.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def pid(self) -> int | None:
        """The cluster's process."""
        return self._process.pid if self._process else None

    def _is_stopped(self) -> bool:
        with contextlib.suppress(psutil.Error):
            return self.pid is None or psutil.Process(self.pid).status() == psutil.STATUS_STOPPED
        return True

    def _write(self, message: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it has ended, which the reader sees too
            pickle.dump(message, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()

    def _read(self, loop: asyncio.AbstractEventLoop, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with contextlib.suppress(RuntimeError), process.stdout:  # RuntimeError: the pool's loop has ended
            try:
                while True:
                    message = pickle.load(process.stdout)  # noqa: S301  # from the process that we started
                    loop.call_soon_threadsafe(self._messages.put_nowait, message)
            except (EOFError, OSError, pickle.UnpicklingError):
                loop.call_soon_threadsafe(self._messages.put_nowait, None)


# Libraries that start a thread per core in every worker would undo the limit on the number of workers.
_THREADS: Final = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MALLOC_TRIM_THRESHOLD_": "65536",
}


class RemoteCluster:
    """A cluster that someone else runs.

    Parameters
    ----------
    address
        Of its scheduler; see :func:`checked_address`.
    tell
        Is given every :class:`Sample`.
    """

    is_local = False

    def __init__(self, address: str, tell: Callable[[Sample | Notice], object]) -> None:
        self._address = checked_address(address)
        self._tell = tell

    async def start(self) -> str:
        """Give the scheduler's address.

        Raises
        ------
        PoolError
            If it needs keys for TLS, and Dask's configuration names none.
        """
        from distributed.security import Security

        context = Security().get_connection_args("client").get("ssl_context")  # type: ignore[no-untyped-call]  # Dask has no types
        if context is None and self._address.startswith("tls://"):
            raise PoolError(
                f"{self._address} needs keys for TLS: name their files in Dask's configuration, "
                "distributed.comm.tls.ca-file and distributed.comm.tls.client.cert and .key"
            )
        return self._address

    async def watch(self, client: Any) -> None:
        """Ask for the workers once a second, until the scheduler is gone."""
        seen: dict[str, WorkerStatus] = {}
        with contextlib.suppress(OSError, TimeoutError):
            while client.status in ("running", "connecting"):
                identity = await asyncio.wait_for(client.scheduler.identity(n_workers=-1), _SILENT_SECONDS)
                now = {address: _remote_worker(address, row) for address, row in identity["workers"].items()}
                for address in now.keys() - seen.keys():
                    self._tell(Notice("worker-started", f"worker {address} joined", address))
                for address in seen.keys() - now.keys():
                    self._tell(Notice("worker-lost", f"worker {address} is gone", address, "lost"))
                seen = now
                self._tell(Sample(tuple(now.values()), len(now)))
                await asyncio.sleep(_REMOTE_PERIOD_SECONDS)

    def demand(self, n_tasks: int) -> None:
        """Do nothing: whoever runs the cluster scales it."""

    def ease(self) -> None:
        """Do nothing, for the same reason."""

    async def restart(self, client: Any, address: str, cause: str) -> None:  # noqa: ARG002  # the local one tells it
        """Ask the worker's nanny to start another."""
        with contextlib.suppress(Exception):  # a worker without a nanny, or gone already
            await client.restart_workers([address], timeout=10, raise_for_error=False)

    def close(self) -> None:
        """Do nothing: it isn't ours to end."""


def _remote_worker(address: str, row: dict[str, Any]) -> WorkerStatus:
    metrics = row["metrics"]
    return WorkerStatus(
        address,
        0,
        int(metrics.get("memory", 0)),
        int(row.get("memory_limit") or 0),
        float(metrics.get("cpu", 0.0)) / 100,
        str(row.get("status", "running")),
        int(row["nthreads"]),
        spilled_bytes=spilled(metrics),
    )


def checked_address(address: str) -> str:
    """Give a scheduler's address if it is safe to connect to.

    Parameters
    ----------
    address
        ``tls://host:port``, or ``tcp://127.0.0.1:port`` on this machine.

    Raises
    ------
    PoolError
        If it has another form, or would send work over a network without encryption.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except (ValueError, AttributeError):  # no text at all
        host, port = None, None
    if not host or not port or parts.scheme not in ("tcp", "tls"):
        raise PoolError(f"a scheduler's address looks like tls://host:8786, not {address!r}")
    if parts.scheme == "tcp" and not _is_this_machine(host):
        raise PoolError(
            f"{address} is another machine, and tcp:// is not encrypted: whoever listens could run code there. "
            "Start the scheduler with TLS, set distributed.comm.tls in Dask's configuration, and use tls://"
        )
    return address


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
