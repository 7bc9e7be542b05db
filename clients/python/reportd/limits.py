"""Every bound of this package in one place.

Source: docs/protocol.md sections 5 and 6; docs/format.md section 1.
"""

LINE_BYTES = 4096
"""A request line without its end."""

VERB_BYTES = 32
"""The verb of a message that a later version added."""

REPLY_LINE_BYTES = 64 * 1024
"""A reply line without its end. The page gives none, so this is this client's own."""

REPLY_BYTES = 256 * 1024 * 1024
"""A reply's payload. The page gives none, so this is this client's own."""

FILE_BYTES = 64 * 1024 * 1024
"""The payload of PUT and PARSE."""

FILE_SECONDS = 300.0
"""How long the answer to a payload may take. The page gives no time, so this is this client's."""

RECORD_BYTES = 16 * 1024 * 1024
"""The payload of PUTREC."""

COMMAND_BYTES = 16 * 1024 * 1024
"""The JSON of any other command."""

NOTE_TEXT_BYTES = 8 * 1024

PIPELINED_REQUESTS = 64
PIPELINED_BYTES = 16 * 1024
"""What may be on its way unanswered: less than any socket buffer, so that nobody waits for ever."""

JSON_DEPTH = 128
JSON_BYTES = REPLY_BYTES

WATCH_SILENCE_SECONDS = 45.0
"""The server speaks at least every 15 seconds; three times that is a dead connection."""

NAME_BYTES = 128
PARENTS = 64
SUBJECTS = 1024
BODIES = 1003
TRAILER_BYTES = 16384
BODY_BYTES = 1 << 40
RECORDED_AT = 1 << 52
VERSION_NUMBER = 999_999_999

BATCH_BYTES = 128 * 1024 * 1024
BATCH_ENTRIES = 1024
BATCH_PROOF_HASHES = 130
POSITION_ROWS = 16384
COMPARE_BYTES = 24 + 1024 * 9
NODES_BYTES = 24 + 1024 * 41
FETCH_BYTES = 16 + 256 * 8

PROOF_FILE_BYTES = 4 * 1024 * 1024
PROOF_ACKNOWLEDGEMENTS = 16
PROOF_CHAIN = 64

EXPORT_LINE_BYTES = 256 * 1024 * 1024
"""A line of an export. The page gives no limit, so this is this package's own."""

EXPORT_ENTRIES_BEFORE_HEAD = 10000

ZSTD_RATIO = 32768
"""A compressed batch is at most so many times as long as its frame."""

BUNDLE_SECTION_BYTES = {
    1: 1024 * 1024 * 4, 2: 4096, 3: BATCH_BYTES, 4: 164, 5: BATCH_BYTES + 1024 * 1024, 255: 64,
}
"""Bytes of a section of a bundle by its kind; where the page gives none, this package's own."""
