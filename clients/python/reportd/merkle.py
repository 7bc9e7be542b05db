"""Merkle trees: roots, inclusion proofs, consistency proofs, and a frontier that grows.

Leaves are byte strings (in a log: the 32-byte entry hashes).

Source: RFC 9162 section 2.1; docs/format.md section 1.4.
"""

import hashlib
from typing import List, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Source: RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Source: RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The complete subtrees of a growing tree: enough for its root, and for more leaves.

    At most 64 hashes, whatever the size.
    """

    def __init__(self) -> None:
        self.size = 0
        self._nodes: List[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add one leaf at the end."""
        node = leaf_hash(leaf)
        size = self.size
        while size & 1:
            node = node_hash(self._nodes.pop(), node)
            size >>= 1
        self._nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._nodes:
            return EMPTY_ROOT
        node = self._nodes[-1]
        for left in reversed(self._nodes[:-1]):
            node = node_hash(left, node)
        return node

    def copy(self) -> "Frontier":
        """A second frontier that grows by itself."""
        other = Frontier()
        other.size = self.size
        other._nodes = list(self._nodes)
        return other


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def _split(count: int) -> int:
    """The greatest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> List[bytes]:
    """The path from leaf ``index`` to the root.

    Source: RFC 9162 section 2.1.3.1.
    """
    path: List[bytes] = []
    part = leaves
    while len(part) > 1:
        middle = _split(len(part))
        if index < middle:
            path.append(root(part[middle:]))
            part = part[:middle]
        else:
            path.append(root(part[:middle]))
            part, index = part[middle:], index - middle
    path.reverse()
    return path


def verify_inclusion(
    leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes,
) -> bool:
    """Whether ``leaf`` is number ``index`` of the tree of ``size`` leaves with root ``expected``.

    Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size or not _are_hashes(path):
        return False
    position, last = index, size - 1
    node = leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            if not position & 1:
                while position and not position & 1:
                    position >>= 1
                    last >>= 1
        else:
            node = node_hash(node, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and node == expected


def consistency_proof(leaves: Sequence[bytes], first: int) -> List[bytes]:
    """The proof that the tree over the first ``first`` leaves is the beginning of that over all.

    Empty for 0 and for all of them.

    Source: RFC 9162 section 2.1.4.1.
    """
    if first == 0 or first == len(leaves):
        return []
    path: List[bytes] = []
    part, size, whole = leaves, first, True
    while size != len(part):
        middle = _split(len(part))
        if size <= middle:
            path.append(root(part[middle:]))
            part = part[:middle]
        else:
            path.append(root(part[:middle]))
            part, size, whole = part[middle:], size - middle, False
    if not whole:
        path.append(root(part))
    path.reverse()
    return path


def verify_consistency(
    first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes,
) -> bool:
    """Whether the tree of ``first`` leaves is the beginning of that of ``second`` leaves.

    A tree is consistent with itself by an empty proof; so is the empty tree with every other.

    Source: RFC 9162 section 2.1.4.2.
    """
    if not 0 <= first <= second or not _are_hashes(path):
        return False
    if first == second:
        return not path and first_root == second_root
    if first == 0:
        return not path and first_root == EMPTY_ROOT
    nodes = list(path)
    if first & (first - 1) == 0:
        nodes.insert(0, first_root)
    if not nodes:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while position and not position & 1:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    return last == 0 and old == first_root and new == second_root


def _are_hashes(path: Sequence[bytes]) -> bool:
    return len(path) <= 130 and all(len(node) == HASH_BYTES for node in path)
