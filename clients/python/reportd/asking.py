"""The four ways of asking that every verb is built on, and what answers must look like.

Source: docs/protocol.md sections 1 to 3.
"""

from typing import Any, Callable, Dict, Iterator, List, NoReturn, Optional

from . import jsontext
from .errors import ProtocolError
from .wire import Reply

Row = Dict[str, Any]


class Asking:
    """Methods that ``Client`` provides."""

    def request(self, verb: str, *arguments: Any, **options: Any) -> Reply:
        """One request, one reply."""
        _provided_by_client()

    def request_with_payload(self, verb: str, payload: bytes, **options: Any) -> Reply:
        """One request with a payload, one reply."""
        _provided_by_client()

    def query(self, verb: str, *arguments: Any, **options: Any) -> Any:
        """One request, the JSON of its reply."""
        _provided_by_client()

    def command(self, verb: str, value: Any, **options: Any) -> Any:
        """One request with JSON, the JSON of its reply."""
        _provided_by_client()


def _provided_by_client() -> NoReturn:
    raise NotImplementedError("use Client")


def optional(*arguments: Optional[str]) -> List[str]:
    """The arguments that are given."""
    return [argument for argument in arguments if argument is not None]


def json_object(value: Any) -> Dict[str, Any]:
    """A value that must be an object."""
    if not isinstance(value, dict):
        raise ProtocolError("a JSON object was expected")
    return value


def parsed_object(payload: bytes) -> Dict[str, Any]:
    """An object from its bytes."""
    try:
        return json_object(jsontext.parse(payload))
    except jsontext.JSONError as error:
        raise ProtocolError(f"a reply's {error.message}") from None


def rows(value: Any, member: str = "items") -> List[Row]:
    """The array of an answer that must have one."""
    found = json_object(value).get(member)
    if not isinstance(found, list):
        raise ProtocolError(f"a reply without {member}")
    return found


def pages(
    fetch: Callable[..., Dict[str, Any]], member: str, after: Optional[str],
) -> Iterator[Row]:
    """The rows of all pages; ``fetch(after=…)`` is one page.

    Raises ProtocolError when a page leads to itself or nowhere.
    """
    while True:
        page = fetch(after=after)
        yield from page[member]
        following = page.get("next")
        if following is None:
            return
        if not isinstance(following, str) or following == after:
            raise ProtocolError("a page leads nowhere")
        after = following
