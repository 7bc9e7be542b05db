"""One zstd frame to bytes, within a bound that is known before.

The standard library has zstd from Python 3.14 on; before that the system's libzstd is taken, which
Debian and most other systems install by themselves.

Source: RFC 8878; zstd.h, ZSTD_decompress and ZSTD_getFrameContentSize.
"""

import ctypes
import ctypes.util
import importlib
from typing import Any, Optional

from .errors import ReportError, VerificationError

_UNKNOWN_SIZES = ((1 << 64) - 1, (1 << 64) - 2)
"""What ZSTD_getFrameContentSize gives for frames that state no size, and for what is no frame."""


def decompress(frame: bytes, size: int) -> bytes:
    """The content of ``frame``, which must be one frame of exactly ``size`` bytes.

    Raises VerificationError when it is not, ReportError ``unsupported`` when nothing here can read
    zstd. No more than ``size`` bytes are made.
    """
    module = _standard_module()
    if module is not None:
        return _by_module(module, frame, size)
    library = _library()
    if library is None:
        raise ReportError(
            "unsupported", "the file is compressed with zstd: take Python 3.14, or install libzstd")
    return _by_library(library, frame, size)


def _standard_module() -> Any:
    try:
        return importlib.import_module("compression.zstd")
    except ImportError:
        return None


def _by_module(module: Any, frame: bytes, size: int) -> bytes:
    decoder = module.ZstdDecompressor()
    try:
        data = bytes(decoder.decompress(frame, max_length=size + 1))
    except module.ZstdError as error:
        raise VerificationError(f"a zstd frame is damaged: {error}") from None
    if len(data) != size or not decoder.eof or decoder.unused_data:
        raise VerificationError("a zstd frame has another size than stated")
    return data


def _library() -> Optional[Any]:
    for name in (ctypes.util.find_library("zstd"), "libzstd.so.1", "libzstd.dylib"):
        if name is None:
            continue
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
        library.ZSTD_getFrameContentSize.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
        library.ZSTD_findFrameCompressedSize.restype = ctypes.c_size_t
        library.ZSTD_findFrameCompressedSize.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
        library.ZSTD_decompress.restype = ctypes.c_size_t
        library.ZSTD_decompress.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
        library.ZSTD_isError.restype = ctypes.c_uint
        library.ZSTD_isError.argtypes = [ctypes.c_size_t]
        return library
    return None


def _by_library(library: Any, frame: bytes, size: int) -> bytes:
    stated = library.ZSTD_getFrameContentSize(frame, len(frame))
    if stated in _UNKNOWN_SIZES or stated != size:
        raise VerificationError("a zstd frame has another size than stated")
    if library.ZSTD_findFrameCompressedSize(frame, len(frame)) != len(frame):
        raise VerificationError("there are bytes behind a zstd frame, or it is cut short")
    room = ctypes.create_string_buffer(max(size, 1))
    count = library.ZSTD_decompress(room, size, frame, len(frame))
    if library.ZSTD_isError(count) or count != size:
        raise VerificationError("a zstd frame is damaged")
    return room.raw[:size]
