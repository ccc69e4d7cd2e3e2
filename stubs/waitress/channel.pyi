from typing import Any

class ClientDisconnected(Exception): ...

class HTTPChannel:
    server: Any
    socket: Any
    connected: bool
    requests_lock: Any
    task_class: Any
    parser_class: Any
    addr: tuple[Any, ...]
    request: Any
    requests: list[Any]
    total_outbufs_len: int
    will_close: bool
    def __init__(self, *args: Any, **named: Any) -> None: ...
    def send(self, data: bytes, do_close: bool = ...) -> int: ...
    def received(self, data: bytes) -> bool: ...
    def service(self) -> None: ...
