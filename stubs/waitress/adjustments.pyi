from typing import Any

class Adjustments:
    def __init__(self, **kw: Any) -> None: ...
