"""The limits of the tracking API (reference: tracking API, section 2), and how a gzipped body is opened."""

import zlib

from skywrite.kit.errors import Refused

# 500 KB are documented; the largest body that a correct SDK can send is 512 KiB (Rust), and its frame comes on top.
MAX_BODY_BYTES = 512 * 1024 + 8 * 1024
MAX_BATCH_EVENTS = 2500
MAX_BATCH_ITEMS = 2 * MAX_BATCH_EVENTS  # beyond the former each is refused and kept, beyond this all as one
MAX_KEPT_BYTES = 4 * MAX_BODY_BYTES  # of a request's refused events, each with what its batch said of it
_GZIP = 31  # zlib's word for "expect a gzip header"


def too_large(size: int) -> Refused:
    """The refusal of a body of `size` bytes or more."""
    return Refused(f"The request's body has over {size - 1} bytes; at most {MAX_BODY_BYTES} are taken, inflated.")


def gunzipped(body: bytes) -> bytes:
    """The inflated body. Raises Refused where it is no gzip, is cut off, or inflates beyond the limit."""
    plain = b""
    while True:  # once for each member: a gzip file may be several, one behind the other
        inflater = zlib.decompressobj(_GZIP)
        try:
            plain += inflater.decompress(body, MAX_BODY_BYTES + 1 - len(plain))
        except zlib.error as error:
            raise Refused("Content-Encoding says gzip, but the body is not gzip.") from error
        if len(plain) > MAX_BODY_BYTES:
            raise too_large(MAX_BODY_BYTES + 1)
        if not inflater.eof:
            raise Refused("The gzipped body is cut off.")
        if not inflater.unused_data:
            return plain
        body = inflater.unused_data
