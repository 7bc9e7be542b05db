"""zip as it is mailed: names in GBK without the UTF-8 flag, a folder, and the litter of two operating systems."""
from __future__ import annotations

import struct
import zlib


def archive(entries: list[tuple[str, bytes]], encoding="gb18030") -> bytes:
    """A zip by hand, for Python's module insists on UTF-8 names."""
    out, directory = bytearray(), bytearray()
    flag = 0x800 if encoding == "utf-8" else 0
    for name, data in entries:
        raw = name.encode(encoding)
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
        crc = zlib.crc32(data)
        fields = struct.pack("<HHHHHIIIHH", 20, flag, 8, 0x6000, 0x58A1, crc, len(packed), len(data), len(raw), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + raw
        out += b"PK\x03\x04" + fields + raw + packed
    return bytes(out) + bytes(directory) + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)


def split(blocks) -> list[list]:
    """The files of a bundle: its parts."""
    parts = [[]]
    for b in blocks:
        if b.kind == "page" and b.text == "part":
            parts.append([])
        else:
            parts[-1].append(b)
    return [p for p in parts if p]


def litter(rng, name) -> list[tuple[str, bytes]]:
    return rng.choice([[], [("__MACOSX/._" + name, b"\x00\x05\x16\x07" + bytes(60)), (".DS_Store", b"\x00\x00\x00\x01Bud1" + bytes(60))], [("~$" + name, bytes(162)), ("Thumbs.db", bytes(64))]])
