"""Reading the folder of an identity."""

import os
import tempfile
import unittest

from reportd import ReportError
from reportd.identity_folder import load_identity, seed_from_pem

# The example of RFC 8410 section 10.3.
EXAMPLE = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
"""


class IdentityFolder(unittest.TestCase):
    def test_a_key_is_read_from_pem(self) -> None:
        seed = seed_from_pem("before\n" + EXAMPLE)
        self.assertEqual(
            seed.hex(), "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842")

    def test_what_is_no_key_is_refused(self) -> None:
        for text in ("", EXAMPLE.replace("MC4", "MC5"), EXAMPLE[:60], EXAMPLE.replace("M", "%")):
            with self.assertRaises(ReportError):
                seed_from_pem(text)

    def test_a_key_that_others_may_read_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "key.pem")
            with open(path, "w", encoding="ascii") as file:
                file.write(EXAMPLE)
            os.chmod(path, 0o640)
            with self.assertRaisesRegex(ReportError, "by others"):
                load_identity(folder, "a:1")

    def test_a_node_that_is_not_known_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("key.pem", EXAMPLE), ("nodes", "b:1 ed25519:" + "0" * 64 + "\n")):
                with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                    file.write(text)
            os.chmod(os.path.join(folder, "key.pem"), 0o600)
            with self.assertRaisesRegex(ReportError, "not in"):
                load_identity(folder, "a:1")


if __name__ == "__main__":
    unittest.main()
