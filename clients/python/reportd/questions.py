"""The verbs that look at many records, at two versions, or at what was done, as methods.

Measures and filters: docs/queries.md. All take ``as_of`` or ``known_here`` where the protocol does.

Source: docs/protocol.md sections 3.9 to 3.17.
"""

from functools import partial
from typing import Any, Dict, Iterator, Optional

from .asking import Asking, Row, json_object, optional, pages, rows


class Questions(Asking):
    """Methods for questions, over the ways of asking that ``Client`` provides."""

    def search_page(
        self, text: str, lookup: Optional[str] = None, **options: Any,
    ) -> Dict[str, Any]:
        """One page: ``rows`` with ``snippets``, ``total``, ``next``, ``indexedUpTo``.

        ``text``: terms, phrases and conditions in one string. Options: limit, after, all_versions.
        Source: docs/protocol.md section 3.10.
        """
        page = json_object(self.query("SEARCH", text, *optional(lookup), **options))
        rows(page, "rows")
        return page

    def search(self, text: str, lookup: Optional[str] = None, **options: Any) -> Iterator[Row]:
        """All reports in which every term of ``text`` stands, page after page."""
        after = options.pop("after", None)
        yield from pages(partial(self.search_page, text, lookup, **options), "rows", after)

    def diff(
        self, lookup: str, other: Optional[str] = None, as_of: Optional[str] = None,
        known_here: Optional[str] = None,
    ) -> Dict[str, Any]:
        """What changed between two versions; between one and what it follows without ``other``.

        Source: docs/protocol.md section 3.12.
        """
        return json_object(
            self.query("DIFF", lookup, *optional(other), as_of=as_of, known_here=known_here))

    def stats(self, lookup: Optional[str] = None, **options: Any) -> Dict[str, Any]:
        """Figures over many records: ``groups`` and ``total``.

        Options: of and by (words with commas between), the filters of ``list``, retracted,
        consolidated. Source: docs/protocol.md section 3.13.
        """
        return json_object(self.query("STATS", *optional(lookup), **options))

    def trend(self, unit: str, **options: Any) -> Dict[str, Any]:
        """One unit over the years: ``rows``, one a year.

        Options: also (other names of the unit), of, kind, year, retracted.
        Source: docs/protocol.md section 3.14.
        """
        answer = json_object(self.query("TREND", unit, **options))
        rows(answer, "rows")
        return answer

    def missing(self, **options: Any) -> Dict[str, Any]:
        """Who has not filed, by the node's roster: ``summary``, ``regions``, ``rows``.

        Options: year, region, kind, day. Source: docs/protocol.md section 3.15.
        """
        answer = json_object(self.query("MISSING", **options))
        rows(answer, "rows")
        return answer

    def audit_page(self, lookup: Optional[str] = None, **options: Any) -> Dict[str, Any]:
        """One page: ``items`` and ``next``. Options: since, limit, after."""
        page = json_object(self.query("AUDIT", *optional(lookup), **options))
        rows(page)
        return page

    def audit(self, lookup: Optional[str] = None, **options: Any) -> Iterator[Row]:
        """Erasures, forced facts, new readings and moves, the oldest first.

        Source: docs/protocol.md section 3.9.
        """
        after = options.pop("after", None)
        yield from pages(partial(self.audit_page, lookup, **options), "items", after)

    def witnesses(self, lookup: str) -> Dict[str, Any]:
        """Who holds one version, as this node knows. Source: docs/protocol.md section 3.17."""
        answer = json_object(self.query("WITNESSES", lookup))
        rows(answer, "witnesses")
        return answer
