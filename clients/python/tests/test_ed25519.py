"""Ed25519 against the vectors of RFC 8032, against openssl, and against forgeries."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest

from reportd import ed25519

LONG_MESSAGE = (
    "08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e9f"
    "77b1e355f6c50544e23fb1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b27"
    "0b20329d658675fc6ea534e0810a4432826bf58c941efb65d57a338bbd2e26640f89ffbc1a858efcb8550ee3a5e1"
    "998bd177e93a7363c344fe6b199ee5d02e82d522c4feba15452f80288a821a579116ec6dad2b3b310da903401aa6"
    "2100ab5d1a36553e06203b33890cc9b832f79ef80560ccb9a39ce767967ed628c6ad573cb116dbefefd75499da96"
    "bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7aff6f6c94fcd7204ed3455c68c83f4a41da4af2b"
    "74ef5c53f1d8ac70bdcb7ed185ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5d0532ed8a5aa3fb2d17b"
    "a70eb6248e594e1a2297acbbb39d502f1a8c6eb6f1ce22b3de1a1f40cc24554119a831a9aad6079cad88425de6bd"
    "e1a9187ebb6092cf67bf2b13fd65f27088d78b7e883c8759d2c4f5c65adb7553878ad575f9fad878e80a0c9ba63b"
    "cbcc2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2cf65bd92dd597b0707e0917af48bbb75fed413d2"
    "38f5555a7a569d80c3414a8d0859dc65a46128bab27af87a71314f318c782b23ebfe808b82b0ce26401d2e22f04d"
    "83d1255dc51addd3b75a2b1ae0784504df543af8969be3ea7082ff7fc9888c144da2af58429ec96031dbcad3dad9"
    "af0dcbaaaf268cb8fcffead94f3c7ca495e056a9b47acdb751fb73e666c6c655ade8297297d07ad1ba5e43f1bca3"
    "2301651339e22904cc8c42f58c30c04aafdb038dda0847dd988dcda6f3bfd15c4b4c4525004aa06eeff8ca61783a"
    "acec57fb3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34dff7310fdc82aebfd904b01e1dc54b2927094b"
    "2db68d6f903b68401adebf5a7e08d78ff4ef5d63653a65040cf9bfd4aca7984a74d37145986780fc0b16ac451649"
    "de6188a7dbdf191f64b5fc5e2ab47b57f7f7276cd419c17a3ca8e1b939ae49e488acba6b965610b5480109c8b17b"
    "80e1b7b750dfc7598d5d5011fd2dcc5600a32ef5b52a1ecc820e308aa342721aac0943bf6686b64b2579376504cc"
    "c493d97e6aed3fb0f9cd71a43dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5fb93246f6b1116398a346"
    "f1a641f3b041e989f7914f90cc2c7fff357876e506b50d334ba77c225bc307ba537152f3f1610e4eafe595f6d9d9"
    "0d11faa933a15ef1369546868a7f3a45a96768d40fd9d03412c091c6315cf4fde7cb68606937380db2eaaa707b4c"
    "4185c32eddcdd306705e4dc1ffc872eeee475a64dfac86aba41c0618983f8741c5ef68d3a101e8a3b8cac60c905c"
    "15fc910840b94c00a0b9d0"
)

VECTORS = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"),
    ("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     hashlib.sha512(b"abc").hexdigest(),
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
     "e0303dca179c138ac17ad9bef1177331a704"),
    ("f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
     "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e", LONG_MESSAGE,
     "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436"
     "d94b5e8fcd4f681e30a6ac00a9704a188a03"),
]
"""Tests 1, 2, 3, SHA(abc) and 1024 of RFC 8032 section 7.1."""


class Ed25519Tests(unittest.TestCase):
    def test_the_vectors_of_the_rfc(self) -> None:
        for seed, key, message, signature in VECTORS:
            with self.subTest(key=key[:8]):
                made = ed25519.sign(bytes.fromhex(seed), bytes.fromhex(message))
                self.assertEqual(ed25519.public_key(bytes.fromhex(seed)).hex(), key)
                self.assertEqual(made.hex(), signature)
                self.assertTrue(
                    ed25519.verify(bytes.fromhex(key), bytes.fromhex(message), made))

    def test_every_changed_bit_of_a_signature_is_refused(self) -> None:
        seed = bytes(range(32))
        key, message = ed25519.public_key(seed), b"2023"
        signature = ed25519.sign(seed, message)
        for bit in range(0, 512, 3):
            changed = bytearray(signature)
            changed[bit // 8] ^= 1 << bit % 8
            self.assertFalse(ed25519.verify(key, message, bytes(changed)), bit)
        self.assertFalse(ed25519.verify(key, b"2024", signature))
        self.assertFalse(ed25519.verify(ed25519.public_key(bytes(32)), message, signature))

    def test_a_second_form_of_a_signature_is_refused(self) -> None:
        seed = bytes(range(32))
        signature = ed25519.sign(seed, b"m")
        response = int.from_bytes(signature[32:], "little") + ed25519.ORDER
        other = signature[:32] + response.to_bytes(32, "little")
        self.assertFalse(ed25519.verify(ed25519.public_key(seed), b"m", other))

    def test_sizes_and_points_that_are_none_are_refused(self) -> None:
        seed = bytes(32)
        key, signature = ed25519.public_key(seed), ed25519.sign(seed, b"m")
        self.assertFalse(ed25519.verify(key[:31], b"m", signature))
        self.assertFalse(ed25519.verify(key, b"m", signature + b"\x00"))
        above_prime = (ed25519.PRIME + 1).to_bytes(32, "little")
        self.assertFalse(ed25519.verify(above_prime, b"m", signature))
        no_point = (2).to_bytes(32, "little")
        self.assertFalse(ed25519.verify(no_point, b"m", signature))

    def test_keys_of_small_order_are_refused(self) -> None:
        neutral = (1).to_bytes(32, "little")
        order_two = (ed25519.PRIME - 1).to_bytes(32, "little")
        order_four = bytes(32)
        for key in (neutral, order_two, order_four):
            for point in (neutral, order_two, order_four):
                for message in (b"a", b"b", b"c", b"d"):
                    self.assertFalse(ed25519.verify(key, message, point + bytes(32)))

    @unittest.skipUnless(shutil.which("openssl"), "the openssl command is missing")
    def test_openssl_takes_our_signatures_and_we_take_its(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for length in (1, 64, 1023):
                self._compare_with_openssl(folder, os.urandom(length))

    def _compare_with_openssl(self, folder: str, message: bytes) -> None:
        seed = ed25519.new_seed()
        files = {name: os.path.join(folder, name) for name in ("key", "message", "theirs")}
        with open(files["key"], "wb") as file:
            file.write(bytes.fromhex("302e020100300506032b657004220420") + seed)
        with open(files["message"], "wb") as file:
            file.write(message)
        ran = subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", files["key"],
             "-in", files["message"], "-out", files["theirs"]], capture_output=True, check=False)
        if ran.returncode:
            self.skipTest("this openssl does not sign with Ed25519")
        with open(files["theirs"], "rb") as file:
            theirs = file.read()
        self.assertEqual(theirs, ed25519.sign(seed, message))
        self.assertTrue(ed25519.verify(ed25519.public_key(seed), message, theirs))


if __name__ == "__main__":
    unittest.main()
