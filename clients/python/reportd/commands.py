"""The verbs of the protocol that file and read single records, as methods.

The others are in ``questions`` and ``judgements``. Source: docs/protocol.md section 3.
"""

import os
from functools import partial
from typing import Any, Dict, Iterator, List, Optional, Union

from . import jsontext, limits
from .asking import Asking, Row, json_object, optional, pages, parsed_object, rows
from .errors import ProtocolError, usage

Path = Union[str, "os.PathLike[str]"]


class Commands(Asking):
    """Methods for verbs, over four ways of asking that ``Client`` provides."""

    def ping(self) -> str:
        """``pong``."""
        return self.request("PING").text

    def help(self) -> str:
        """One line of text for each verb."""
        return self.request("HELP").text

    def version(self) -> Dict[str, Any]:
        """``program``, ``version``, ``protocol``, ``node``."""
        return json_object(self.query("VERSION"))

    def status(self) -> Dict[str, Any]:
        """Figures of the store, progress of each peer. Source: docs/protocol.md section 3.5."""
        return json_object(self.query("STATUS"))

    def get(self, lookup: str, **options: Any) -> Dict[str, Any]:
        """The record that a lookup finds; ``as_of`` or ``known_here`` as in ``get_bytes``."""
        return parsed_object(self.get_bytes(lookup, **options))

    def get_bytes(
        self, lookup: str, as_of: Optional[str] = None, known_here: Optional[str] = None,
    ) -> bytes:
        """The record as the node prints it, with its line feed."""
        return self.request("GET", lookup, as_of=as_of, known_here=known_here).payload

    def people(self, lookup: str, **options: Any) -> List[Dict[str, Any]]:
        """Names and telephone numbers that stand in a filing.

        The page gives no answer for a record that names nobody; whatever the node says comes back.
        """
        value = self.query("GET", lookup, body="people", **options)
        if not isinstance(value, list):
            raise ProtocolError("a JSON array was expected")
        return value

    def source(self, lookup: str, number: int = 0, **options: Any) -> bytes:
        """The octets of file ``number`` (from 0) of a filing."""
        return self.request("GET", lookup, body="source", source=number, **options).payload

    def resolve(
        self, lookup: str, as_of: Optional[str] = None, known_here: Optional[str] = None,
    ) -> Dict[str, Any]:
        """What a lookup finds. Source: docs/protocol.md section 3.1."""
        return json_object(self.query("RESOLVE", lookup, as_of=as_of, known_here=known_here))

    def list_page(self, lookup: Optional[str] = None, **filters: Any) -> Dict[str, Any]:
        """One page: ``rows`` and ``next``.

        Filters: those of docs/protocol.md section 3.11 (such as district, unit, status, score),
        limit, after, as_of, known_here.
        """
        page = json_object(self.query("LIST", *optional(lookup), **filters))
        rows(page, "rows")
        return page

    def list(self, lookup: Optional[str] = None, **filters: Any) -> Iterator[Row]:
        """All rows, page after page; ``limit`` is the size of a page."""
        after = filters.pop("after", None)
        yield from pages(partial(self.list_page, lookup, **filters), "rows", after)

    def history(self, lookup: str) -> List[Row]:
        """The entries about one key, oldest first."""
        return rows(self.query("HISTORY", lookup))

    def notes(self, lookup: str) -> List[Row]:
        """Notes about the findings of one key, oldest first."""
        return rows(self.query("NOTES", lookup))

    def queue_page(
        self, lookup: Optional[str] = None, open: bool = False, **options: Any,
    ) -> Dict[str, Any]:
        """One page of what waits for a review: ``items``, ``next`` and ``waiting``.

        ``open``: count the findings that no note explains. Options: order (age, deadline, open),
        day, limit, after. Source: docs/protocol.md section 3.9.
        """
        page = json_object(
            self.query("QUEUE", *optional(lookup), open="1" if open else None, **options))
        rows(page)
        return page

    def queue(self, lookup: Optional[str] = None, **options: Any) -> Iterator[Row]:
        """All that waits for a review, page after page; options as in ``queue_page``."""
        after = options.pop("after", None)
        yield from pages(partial(self.queue_page, lookup, **options), "items", after)

    def prove(self, lookup: str, since: Union[str, int, None] = None) -> Dict[str, Any]:
        """A proof of one version, for ``verify_proof``.

        ``since``: a number of entries, or an older signed head in hexadecimal digits, that the log
        must go on from. Source: docs/protocol.md section 3.
        """
        return json_object(self.query("PROVE", lookup, since=since))

    def disk_use(self) -> Dict[str, Any]:
        """What takes the room of the store. Source: docs/protocol.md section 3 (DU)."""
        return json_object(self.query("DU"))

    def note(
        self, lookup: str, fingerprint: str, text: str, author: Optional[str] = None,
    ) -> Dict[str, Any]:
        """Explain a finding; an empty text takes back what was said. At the Unix socket only.

        Source: docs/protocol.md section 3.7.
        """
        if len(text.encode("utf-8")) > limits.NOTE_TEXT_BYTES:
            raise usage(f"a note has at most {limits.NOTE_TEXT_BYTES} bytes")
        value = {"lookup": lookup, "author": author, "fingerprint": fingerprint, "text": text}
        return json_object(self.command("NOTE", value))

    def put(self, data: bytes, name: str, **given: Any) -> Dict[str, Any]:
        """Submit a file; the outcome, once it is on the node's disk.

        After ``unreachable`` or ``timed-out`` nobody knows whether it was stored. It may be sent
        again: the same bytes then answer ``duplicate``.

        ``given``: year, region, unit, kind, force, if_version.

        Source: docs/protocol.md section 3.4.
        """
        return self._file("PUT", data, name, given)

    def parse(self, data: bytes, name: str, **given: Any) -> Dict[str, Any]:
        """What the parser sees in a file; nothing is stored.

        ``given``: year, region, unit, kind, force, people.
        """
        return self._file("PARSE", data, name, given)

    def put_path(self, path: Path, **given: Any) -> Dict[str, Any]:
        """Submit a file from this disk under its own name."""
        with open(path, "rb") as file:
            data = file.read(limits.FILE_BYTES + 1)
        return self.put(data, os.path.basename(os.fspath(path)), **given)

    def put_record(
        self, record: Dict[str, Any], people: Optional[List[Dict[str, Any]]] = None,
        if_version: Optional[int] = None,
    ) -> Dict[str, Any]:
        """Submit a ready record; needs the grant ``import``.

        Source: docs/protocol.md section 3.4.
        """
        value: Dict[str, Any] = {"record": record}
        if people is not None:
            value["people"] = people
        payload = jsontext.canonical(value)
        if len(payload) > limits.RECORD_BYTES:
            raise usage(f"a record has at most {limits.RECORD_BYTES} bytes")
        return parsed_object(
            self.request_with_payload("PUTREC", payload, if_version=if_version).payload)

    def _file(
        self, verb: str, data: bytes, name: str, given: Dict[str, Any],
    ) -> Dict[str, Any]:
        if len(data) > limits.FILE_BYTES:
            raise usage(f"a file has at most {limits.FILE_BYTES} bytes")
        return parsed_object(self.request_with_payload(verb, data, name=name, **given).payload)
