from typing import Any

class TcpWSGIServer:
    accepting: bool
    active_channels: dict[int, Any]
    asyncore: Any
    task_dispatcher: Any
    _map: dict[int, Any]
    def __init__(
        self,
        application: Any,
        map: dict[int, Any] | None = ...,
        _start: bool = ...,
        _sock: Any = ...,
        dispatcher: Any = ...,
        adj: Any = ...,
        sockinfo: Any = ...,
        bind_socket: bool = ...,
    ) -> None: ...
    def pull_trigger(self) -> None: ...
    def maintenance(self, now: float) -> None: ...
