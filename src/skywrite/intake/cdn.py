"""What the browser SDK reads before it sends: the settings document, the SDK's own bundle and its chunks."""

import gzip
import hashlib
import mimetypes
import re
from pathlib import Path

from skywrite.intake.answers import error_body
from skywrite.kit import json
from skywrite.sources.write_keys import WriteKeys

Headers = list[tuple[bytes, bytes]]
_BUNDLE = "standalone.js"
_BUNDLE_NAMES = frozenset({"analytics.min.js"})
_KEY_PLACE = b"__WRITE_KEY__"
_PACKING = 5  # of the bundle, which is packed for each who asks: its key makes it that source's own
_JS = (b"content-type", b"application/javascript; charset=utf-8")
_JSON = (b"content-type", b"application/json")
_DAY = (b"cache-control", b"public, max-age=86400")
_BRIEF = (b"cache-control", b"public, max-age=60")
_OWN = (b"cache-control", b"private, max-age=60")
_LOCAL = ("127.", "localhost", "0.0.0.0", "[::")  # noqa: S104 - names, not a bind; so begins an address nobody set
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?", re.ASCII)


class Cdn:
    """Serves the files of `@segment/analytics-next` in `folder`, and the settings of each write key."""

    def __init__(self, keys: WriteKeys, folder: Path, base_url: str) -> None:
        self._keys = keys
        self._base_url = base_url
        self._files = {
            path.name: path.read_bytes() for path in sorted(folder.glob("*.js*")) if path.suffix in (".js", ".gz")
        }

    def wants_known(self, path: str) -> bool:
        """Whether the answer depends on a write key that is not known, or not known yet."""
        match path.strip("/").split("/"):
            case ["v1", "projects", key, "settings"]:
                return self._keys.known(key) is None
        return False

    def answer(self, path: str, headers: dict[bytes, bytes], *, scheme: str = "") -> tuple[int, bytes, Headers]:
        """Status, body and headers for a GET of `path`; `scheme` is what the browser used, as far as that is known."""
        match path.strip("/").split("/"):
            case ["v1", "projects", key, "settings"]:
                return self._settings(key, headers, scheme)
            case ["analytics.js", "v1", key, name] if name in _BUNDLE_NAMES:
                return self._bundle(key, headers)
            case ["analytics.js", "v1", key, "platform", name] if name in _BUNDLE_NAMES:
                return self._bundle(key, headers)
            case ["analytics-next", "bundles", name] | ["analytics.js", "v1", _, "bundles", name]:
                return self._file(name, headers)
        return 404, error_body("not_found", f"GET {path} is not part of the tracking API."), [_JSON]

    def _settings(self, key: str, headers: dict[bytes, bytes], scheme: str) -> tuple[int, bytes, Headers]:
        source = self._keys.known(key)
        if source is None or not source.enabled:
            return 404, b"Cannot load settings: no source here has this write key.", [(b"content-type", b"text/plain")]
        protocol, host, lasting = self._origin(headers, scheme)
        document = {
            "integrations": {
                "Segment.io": {
                    "apiKey": key,
                    "apiHost": f"{host}/v1",
                    "protocol": protocol,
                    "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
                    "bundlingStatus": "bundled",
                    "unbundledIntegrations": [],
                    "addBundledMetadata": True,
                    "maybeBundledConfigIds": {},
                }
            },
            "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
            "edgeFunction": {},
            "analyticsNextEnabled": True,
            "middlewareSettings": {},
            "enabledMiddleware": {},
            "metrics": {"sampleRate": 0},
            "legacyVideoPluginsEnabled": False,
            "remotePlugins": [],
        }
        return 200, json.encode(document), [_JSON, lasting]

    def _origin(self, headers: dict[bytes, bytes], said: str) -> tuple[str, str, tuple[bytes, bytes]]:
        """Where the browser reached us: the public address that was set, else what it asked for.

        The latter is its own word, so the answer is for nobody else, and no cache between may keep it.
        """
        scheme, _, rest = self._base_url.partition("://")
        asked = headers.get(b"host", b"").decode("latin-1")
        if rest.startswith(_LOCAL):
            return said or scheme, asked if _HOST.fullmatch(asked) else rest, _OWN
        return scheme, rest, _BRIEF

    def _bundle(self, key: str, headers: dict[bytes, bytes]) -> tuple[int, bytes, Headers]:
        bundle = self._files.get(_BUNDLE)
        if bundle is None:
            return 404, b"// The browser SDK is not built into this installation.", [_JS]
        if not key.isalnum():
            return 404, b"// This is no write key.", [_JS]
        named = bundle.replace(_KEY_PLACE, key.encode())
        if b"gzip" not in headers.get(b"accept-encoding", b""):
            return _cacheable(named, headers, [_JS, _BRIEF])
        packed = gzip.compress(named, _PACKING, mtime=0)
        return _cacheable(packed, headers, [_JS, _BRIEF, (b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")])

    def _file(self, name: str, headers: dict[bytes, bytes]) -> tuple[int, bytes, Headers]:
        name = name.removesuffix(".gz")
        body = self._files.get(name)
        if body is None:
            return 404, b"// There is no such file.", [_JS]
        kind = (
            _JS if name.endswith(".js") else (b"content-type", (mimetypes.guess_type(name)[0] or "text/plain").encode())
        )
        packed = self._files.get(name + ".gz")
        if packed is not None and b"gzip" in headers.get(b"accept-encoding", b""):
            return _cacheable(
                packed, headers, [kind, _DAY, (b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
            )
        return _cacheable(body, headers, [kind, _DAY])


def _cacheable(body: bytes, asked: dict[bytes, bytes], headers: Headers) -> tuple[int, bytes, Headers]:
    tag = b'"%s"' % hashlib.blake2b(body, digest_size=12).hexdigest().encode()
    if asked.get(b"if-none-match") == tag:
        return 304, b"", [(b"etag", tag)]
    return 200, body, [*headers, (b"etag", tag)]
