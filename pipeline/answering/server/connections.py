"""Connections of the server, bounded in number and time: a request must come whole within ten
seconds, and one that is half sent gives way to one that is not.
"""

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

READ_TIMEOUT = 10  # seconds for a whole request, headers and body
MAX_CONNECTIONS = 256


class BoundedProtocol(H11Protocol):
    """HTTP with a deadline for every request and a bound on open connections."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.since, self.waited = self.loop.time(), 0
        self._watch()
        if len(self.connections) > MAX_CONNECTIONS:
            ours = [one for one in self.connections if isinstance(one, BoundedProtocol)]
            waiting = [one for one in ours if one.is_waiting()]
            min(waiting, key=lambda one: one.since).transport.abort()

    def is_waiting(self) -> bool:
        """Whether no request is being answered: none has begun, or it is not here whole."""
        cycle = self.cycle
        return cycle is None or cycle.response_complete or cycle.more_body

    def _watch(self) -> None:
        """Look every second; close what has been waiting for too long."""
        self.waited = self.waited + 1 if self.is_waiting() else 0
        if self.waited > READ_TIMEOUT:
            self.transport.abort()
        elif not self.transport.is_closing():
            self.loop.call_later(1.0, self._watch)
