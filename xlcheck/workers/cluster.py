"""A crew on a cluster (Dask distributed, extra ``cluster``).

A chunk that is lost together with its worker is handed to another one by Dask; copies are written at once and under the
same names, so that doing a chunk twice leaves what doing it once leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from xlcheck.model.errors import Error
from xlcheck.workers.spread import Crew

_SECONDS = 20
"""How long the scheduler may take to answer."""


class NoCluster(Error):
    """The cluster cannot be used; the message is for whoever runs it."""

    code = "cluster"


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """The workers of the cluster whose scheduler is at `address`, such as ``tcp://10.0.0.1:8786``.

    Raises:
        NoCluster: the library is not installed, nobody answers there, or there are no workers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        from xlcheck.model.extras import how_to_get

        raise NoCluster(f"要使用 --scheduler，{how_to_get('cluster')}（{error}）") from error
    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(f"连不上集群“{address}”；请检查地址，并确认调度程序（dask scheduler）正在运行") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise NoCluster(f"集群“{address}”没有工作进程；请先启动 dask worker")
        yield Crew(client.get_executor(pure=False, retries=2), threads, chunk=32)
