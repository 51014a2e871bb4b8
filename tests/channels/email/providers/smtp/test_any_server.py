"""A server that says anything at any moment: every mail has one outcome, and none is sent on without it."""

import asyncio
import contextlib

import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.mail_server import PATIENT, a_client, a_mail, told

EHLO = b"250-me\r\n250 PIPELINING\r\n"
SAYS = st.sampled_from(
    [b"250 ok\r\n"] * 4 + [b"354 go\r\n"] * 3
    + [b"250 ok\r\n250 ok\r\n354 go\r\n", b"550 5.1.1 no\r\n", b"450 no\r\n", b"421 bye\r\n", b"503 what\r\n", b"\r\n"]
    + [b"250-a\r\n250 b\r\n", b"2", b"nonsense\r\n", "drop"]
)  # fmt: skip


@given(says=st.lists(SAYS, max_size=14))
@settings(max_examples=25, deadline=None)
def test_every_mail_has_one_outcome(says) -> None:
    left = list(says)

    async def serve(reader, writer):
        with contextlib.suppress(OSError):
            writer.write(b"220 here\r\n")
            await reader.read(9_999)
            writer.write(EHLO)
            while await reader.read(9_999):
                said = left.pop(0) if left else "drop"
                if said == "drop":
                    break
                writer.write(said)
        writer.transport.abort()

    async def go():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, a_client(server.sockets[0].getsockname()[1], patience=PATIENT.at_most(0.04)) as client:
            return await told(client, *map(a_mail, range(3)))

    found = uvloop.run(go())
    assert len(found) == 3
    assert {one.result for one in found} <= {"taken", "refused", "later", "lost"}
