"""Export lines. (Their form is being written down; until then every file is unsupported.)"""

from typing import Any, Dict, Iterable

from .errors import ReportError


def verify_export(lines: Iterable[bytes]) -> Dict[str, Any]:
    """Check export lines."""
    raise ReportError("unsupported", "export lines are not described yet")
