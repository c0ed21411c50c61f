"""A stream by itself: its ASGI messages, whoever reads them."""

import asyncio
from contextlib import nullcontext

from hrm_edge.server.event_stream import EventStream


async def sent_until_left(after: int, chunks: int) -> list[str]:
    """What is sent to a client that leaves after so many chunks, of chunks that are all there from the start."""
    sent: list[str] = []
    left = asyncio.Event()

    async def there(_):
        for number in range(chunks):
            yield {"number": number}

    async def send(message):
        sent.append(message.get("body", b"").decode())
        if len(sent) == after + 1:  # the head is the first
            left.set()

    async def receive():
        await left.wait()
        return {"type": "http.disconnect"}

    await EventStream(nullcontext(), there, seconds=60)({}, receive, send)
    return sent[1:]


def test_a_client_that_leaves_is_noticed_between_two_chunks():
    sent = asyncio.run(sent_until_left(3, chunks=1000))
    assert sent[:3] == [f'data: {{"number": {number}}}\n\n' for number in range(3)]
    assert len(sent) < 10
