"""Ed25519 in plain Python: keys, signing, verification.

Written for checking. Signing works too, but takes a time that depends on the secret: use it for
handshakes on machines you trust, not where others can measure.

Source: RFC 8032 section 5.1.
"""

import hashlib
import secrets
from typing import List, Optional, Tuple

from .errors import usage

Point = Tuple[int, int, int, int]
"""Extended homogeneous coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
_ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
_NEUTRAL: Point = (0, 1, 1, 0)


def new_seed() -> bytes:
    """32 random bytes: a new secret key."""
    return secrets.token_bytes(32)


def public_key(seed: bytes) -> bytes:
    """The 32-byte public key of a 32-byte secret.

    Source: RFC 8032 section 5.1.5.
    """
    scalar, _ = _expand(seed)
    return _encode(_multiply_base(scalar))


def sign(seed: bytes, message: bytes) -> bytes:
    """The 64-byte signature of a message.

    Source: RFC 8032 section 5.1.6.
    """
    scalar, prefix = _expand(seed)
    key = _encode(_multiply_base(scalar))
    nonce = _hash_scalar(prefix, message)
    commitment = _encode(_multiply_base(nonce))
    challenge = _hash_scalar(commitment, key, message)
    response = (nonce + challenge * scalar) % ORDER
    return commitment + response.to_bytes(32, "little")


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is that of the key over the message.

    The strict reading: S below the group order, canonical points, the equation without the
    cofactor (RFC 8032 allows both; this one takes nothing that the other refuses), and no key of
    small order, with which one signature would fit many messages.

    Source: RFC 8032 section 5.1.7.
    """
    if len(key) != 32 or len(signature) != 64:
        return False
    response = int.from_bytes(signature[32:], "little")
    if response >= ORDER:
        return False
    point = _decode(key)
    if point is None or _has_small_order(point):
        return False
    challenge = _hash_scalar(signature[:32], key, message)
    x, y, z, t = point
    negative = (PRIME - x, y, z, PRIME - t)
    result = _add(_multiply_base(response), _multiply(challenge, negative))
    return _encode(result) == signature[:32]


def _expand(seed: bytes) -> Tuple[int, bytes]:
    if len(seed) != 32:
        raise usage("an Ed25519 secret has 32 bytes")
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    scalar &= (1 << 254) - 8
    scalar |= 1 << 254
    return scalar, digest[32:]


def _hash_scalar(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


def _add(left: Point, right: Point) -> Point:
    a = (left[1] - left[0]) * (right[1] - right[0]) % PRIME
    b = (left[1] + left[0]) * (right[1] + right[0]) % PRIME
    c = 2 * left[3] * right[3] * D % PRIME
    d = 2 * left[2] * right[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _double(point: Point) -> Point:
    x, y, z, _ = point
    a = x * x % PRIME
    b = y * y % PRIME
    c = 2 * z * z % PRIME
    h = a + b
    e = (h - (x + y) * (x + y)) % PRIME
    g = a - b
    f = c + g
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _has_small_order(point: Point) -> bool:
    """Whether eight times the point is the neutral element."""
    for _ in range(3):
        point = _double(point)
    return point[0] % PRIME == 0 and (point[1] - point[2]) % PRIME == 0


def _multiply(scalar: int, point: Point) -> Point:
    """Four bits at a time."""
    table = [_NEUTRAL, point]
    while len(table) < 16:
        table.append(_add(table[-1], point))
    result = _NEUTRAL
    for shift in range((max(scalar.bit_length(), 1) - 1) // 4 * 4, -1, -4):
        for _ in range(4):
            result = _double(result)
        digit = (scalar >> shift) & 15
        if digit:
            result = _add(result, table[digit])
    return result


def _recover_x(y: int, sign_bit: int) -> Optional[int]:
    """Source: RFC 8032 section 5.1.3."""
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, PRIME - 2, PRIME) % PRIME
    if square == 0:
        return None if sign_bit else 0
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * _ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME:
        return None
    return PRIME - x if x & 1 != sign_bit else x


def _decode(encoded: bytes) -> Optional[Point]:
    number = int.from_bytes(encoded, "little")
    y = number & ((1 << 255) - 1)
    x = _recover_x(y, number >> 255)
    if x is None:
        return None
    return (x, y, 1, x * y % PRIME)


def _encode(point: Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, PRIME - 2, PRIME)
    x, y = x * inverse % PRIME, y * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _base_point() -> Point:
    y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
    x = _recover_x(y, 0)
    assert x is not None
    return (x, y, 1, x * y % PRIME)


def _base_table() -> List[List[Point]]:
    """Row i holds 0 to 15 times 16^i times the base point."""
    rows: List[List[Point]] = []
    point = _base_point()
    for _ in range(64):
        row = [_NEUTRAL]
        for _ in range(15):
            row.append(_add(row[-1], point))
        rows.append(row)
        point = _add(row[-1], point)
    return rows


_BASE_TABLE: List[List[Point]] = []


def _multiply_base(scalar: int) -> Point:
    """A multiple of the base point, from a table that is made at the first call."""
    if not _BASE_TABLE:
        _BASE_TABLE.extend(_base_table())
    result = _NEUTRAL
    for index in range(64):
        digit = (scalar >> (4 * index)) & 15
        if digit:
            result = _add(result, _BASE_TABLE[index][digit])
    return result
