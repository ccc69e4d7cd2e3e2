"""A proxy in front of the product that passes on bytes as they come, as the least helpful do, and says for whom."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def front_proxy(port: int) -> Iterator[int]:
    """Its own port; ``port`` is the product's on loopback."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def carry(client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            answer, onward = await asyncio.open_connection("127.0.0.1", port)
            onward.write(
                await client.readline() + f"X-Forwarded-For: {back.get_extra_info('peername')[0]}\r\n".encode()
            )
            await asyncio.wait(
                [asyncio.ensure_future(_pass(client, onward)), asyncio.ensure_future(_pass(answer, back))],
                return_when=asyncio.FIRST_COMPLETED,
            )
            onward.close()
        back.close()

    async def opened() -> asyncio.Server:
        return await asyncio.start_server(carry, "127.0.0.1", 0, backlog=1024)

    async def closed() -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for each in others:
            each.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(opened(), loop).result(30)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(closed(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
