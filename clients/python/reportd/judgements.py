"""The verbs that judge, move, read anew and erase, and those of administrators, as methods.

At the Unix socket, or with a verb of a grant; ``peer`` and ``bundle`` at the Unix socket only.

Source: docs/protocol.md sections 3.8 and 3.16.
"""

import os
from typing import Any, Dict, List, Optional, Sequence, Union

from .asking import Asking, Row, json_object, rows


class Judgements(Asking):
    """Methods for commands, over the ways of asking that ``Client`` provides.

    ``by`` says who it was; for a client with a key the node writes the name of its grant instead.
    """

    def review(
        self, lookups: Sequence[str], verdict: str, comment: Optional[str] = None,
        by: Optional[str] = None,
    ) -> List[Row]:
        """Judge up to 1000 versions in one commit: ``approve``, ``return``, ``undo``.

        In the place of each lookup stands the judged version, or ``lookup`` and ``error``. A return
        has a comment. Source: docs/protocol.md section 3.8.
        """
        value = {"lookups": list(lookups), "verdict": verdict, "comment": comment, "by": by}
        return rows(self.command("REVIEW", value))

    def retract(self, lookup: str, reason: str, by: Optional[str] = None) -> Dict[str, Any]:
        """Take a version back: the judged version."""
        value = {"lookup": lookup, "reason": reason, "by": by}
        return json_object(self.command("RETRACT", value))

    def rekey(
        self, lookup: str, to: str, reason: str, by: Optional[str] = None,
    ) -> Dict[str, Any]:
        """Move a version to another key: ``from`` and ``to``, each a judged version."""
        value = {"lookup": lookup, "to": to, "reason": reason, "by": by}
        return json_object(self.command("REKEY", value))

    def erase(
        self, lookup: str, parts: Sequence[str], reason: str, authority: str,
        by: Optional[str] = None, rehearsal: bool = False,
    ) -> Dict[str, Any]:
        """Erase by law, at every holder and for good; all versions unless the lookup names one.

        ``parts``: record, people, sources, notes. ``rehearsal`` tells what would go and erases
        nothing. Source: docs/protocol.md section 3.8.
        """
        value = {
            "lookup": lookup, "parts": list(parts), "reason": reason, "authority": authority,
            "by": by, "rehearsal": rehearsal,
        }
        return json_object(self.command("ERASE", value))

    def reparse(
        self, lookups: Sequence[str], reason: str, older_than: Optional[str] = None,
        by: Optional[str] = None, rehearsal: bool = False,
    ) -> List[Row]:
        """Read up to 64 filed documents anew with today's parser; an outcome for each.

        Source: docs/protocol.md section 3.8.
        """
        value = {
            "lookups": list(lookups), "olderThan": older_than, "rehearsal": rehearsal,
            "reason": reason, "by": by,
        }
        return rows(self.command("REPARSE", value))

    def peer(self, action: str, **members: Any) -> Dict[str, Any]:
        """Replication: ``list``, ``proceed``, ``resync``, ``repair``, ``evidence``, ``release``.

        Members: peer, log, from_ (a backup). Source: docs/protocol.md section 3.16.
        """
        value = {"action": action}
        value.update({name.rstrip("_"): member for name, member in members.items()})
        return json_object(self.command("PEER", value))

    def bundle(
        self, path: Union[str, "os.PathLike[str]"], senders: Sequence[Dict[str, Any]] = (),
    ) -> Dict[str, Any]:
        """Take the bundle that lies at a path of the node's machine.

        Source: docs/protocol.md section 3.16.
        """
        value = {"path": os.fspath(path), "senders": list(senders)}
        return json_object(self.command("BUNDLE", value))
