"""RFC 9162 proofs by brute force over small trees."""

import unittest

from reportd import merkle


def slow_root(leaves):
    """The definition of RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return merkle.leaf_hash(leaves[0])
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return merkle.node_hash(slow_root(leaves[:middle]), slow_root(leaves[middle:]))


LEAVES = [bytes([number]) * 32 for number in range(40)]


class MerkleTests(unittest.TestCase):
    def test_known_roots(self) -> None:
        self.assertEqual(
            merkle.root([]).hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        self.assertEqual(
            merkle.root([b""]).hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")

    def test_the_frontier_has_the_root_of_the_definition(self) -> None:
        for size in range(len(LEAVES) + 1):
            self.assertEqual(merkle.root(LEAVES[:size]), slow_root(LEAVES[:size]))

    def test_a_copied_frontier_grows_by_itself(self) -> None:
        frontier = merkle.Frontier()
        for leaf in LEAVES[:5]:
            frontier.append(leaf)
        other = frontier.copy()
        other.append(LEAVES[5])
        self.assertEqual(frontier.root(), slow_root(LEAVES[:5]))
        self.assertEqual(other.root(), slow_root(LEAVES[:6]))

    def test_every_inclusion_proof_and_no_other(self) -> None:
        for size in range(1, 20):
            leaves, top = LEAVES[:size], merkle.root(LEAVES[:size])
            for index in range(size):
                path = merkle.inclusion_proof(leaves, index)
                self.assertTrue(merkle.verify_inclusion(leaves[index], index, size, path, top))
                for other in range(size):
                    right = other == index
                    self.assertEqual(
                        merkle.verify_inclusion(leaves[other], index, size, path, top), right)
                    self.assertEqual(
                        merkle.verify_inclusion(leaves[index], other, size, path, top), right)
                self._refuse_changed_path(leaves[index], index, size, path, top)

    def _refuse_changed_path(self, leaf, index, size, path, top) -> None:
        self.assertFalse(merkle.verify_inclusion(leaf, index, size, path + [bytes(32)], top))
        self.assertFalse(merkle.verify_inclusion(leaf, size, size, path, top))
        if path:
            self.assertFalse(merkle.verify_inclusion(leaf, index, size, path[:-1], top))
            self.assertFalse(merkle.verify_inclusion(leaf, index, size, path[1:], top))
            self.assertFalse(
                merkle.verify_inclusion(leaf, index, size, [path[0][:31]] + path[1:], top))

    def test_every_consistency_proof_and_no_other(self) -> None:
        roots = [merkle.root(LEAVES[:size]) for size in range(20)]
        for second in range(1, 20):
            for first in range(1, second + 1):
                path = merkle.consistency_proof(LEAVES[:second], first)
                check = merkle.verify_consistency
                self.assertTrue(check(first, second, path, roots[first], roots[second]))
                self.assertFalse(check(first, second, path, roots[0], roots[second]))
                self.assertFalse(check(first, second, path, roots[first], roots[0]))
                self.assertFalse(
                    check(first, second, path + [bytes(32)], roots[first], roots[second]))
                if path:
                    self.assertFalse(
                        check(first, second, path[:-1], roots[first], roots[second]))
                for other in range(1, second + 1):
                    if other != first:
                        self.assertFalse(
                            check(other, second, path, roots[other], roots[second]),
                            (first, other, second))

    def test_the_empty_tree_begins_every_tree(self) -> None:
        top = merkle.root(LEAVES)
        self.assertTrue(merkle.verify_consistency(0, 40, [], merkle.EMPTY_ROOT, top))
        self.assertFalse(merkle.verify_consistency(0, 40, [], bytes(32), top))
        self.assertFalse(merkle.verify_consistency(2, 1, [], top, top))


if __name__ == "__main__":
    unittest.main()
