"""Let questions wait their turn: a few are answered at once, some wait, and more are told at once to come again.

They are answered outside the event loop, in threads of their own, so that whatever else is asked of the server never waits
for a question. Each is answered alone: reading several together would change the last digits of scores.
"""

import os
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from anyio import CancelScope, CapacityLimiter, WouldBlock, create_task_group, to_thread
from fastapi import HTTPException, Request, Response

from server.envelope import timed
from server.problems import BUSY

LONGEST_LINE = 64
"""Questions, so that as many can ask at once; on two cores the last waits for as long as 32 questions take, a second or two."""
_GONE = 499
"""As nginx calls a request whose client has gone; nobody reads it."""


def at_once(workers: int) -> int:
    """Return how many questions one of these processes answers at once: together they use every core, each question one."""
    return max(1, (os.cpu_count() or 1) // workers)


class Line:
    """So many turns at once, and a line of those who wait for one."""

    def __init__(self, turns: int, longest: int = LONGEST_LINE) -> None:
        self._turns = CapacityLimiter(turns)
        self._threads = CapacityLimiter(turns)
        self._longest = longest

    async def answer(self, request: Request, work: Callable[[], Response]) -> Response:
        """Return what `work` returns when its turn has come; it is not done where the client went away before.

        Raises HTTPException 503 where the line is too long.
        """
        with timed(request, "wait"):
            has_turn = await self._wait(request)
        if not has_turn:
            return Response(status_code=_GONE)
        try:
            return await to_thread.run_sync(work, limiter=self._threads)
        finally:
            self._turns.release_on_behalf_of(request)

    async def _wait(self, request: Request) -> bool:
        try:
            self._turns.acquire_on_behalf_of_nowait(request)
            return True
        except WouldBlock:
            if self._turns.statistics().tasks_waiting >= self._longest:
                raise HTTPException(503, BUSY) from None
        has_turn = False
        async with create_task_group() as group:
            group.start_soon(_leave_when_gone, request, group.cancel_scope)
            await self._turns.acquire_on_behalf_of(request)
            has_turn = True
            group.cancel_scope.cancel()
        return has_turn


async def _leave_when_gone(request: Request, waiting: CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    waiting.cancel()


def in_line(answer: Callable[..., Response]) -> Callable[..., Any]:
    """Turn a handler into one whose requests wait in the application's line."""

    @wraps(answer)
    async def answer_in_turn(request: Request, **fields: Any) -> Response:
        line: Line = request.app.state.line
        return await line.answer(request, partial(answer, request, **fields))

    return answer_in_turn
