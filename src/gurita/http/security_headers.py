"""Headers every answer carries: nothing is sniffed, framed, cached or loaded from elsewhere (security.md T16, T17)."""

from __future__ import annotations

from starlette.responses import Response

__all__ = ["PAGE_POLICY", "harden", "page_policy"]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of pages: everything from this server, no inline script or style, nowhere in a frame."""


def page_policy(nonce: str) -> str:
    """The policy of the portal's page: as `PAGE_POLICY`, and styles that carry the page's own nonce.

    Components and the editor make style sheets while they run; none can be made without the nonce, which is new each time.
    """
    return PAGE_POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")


_NAMES = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_DATA_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_NOT_KEPT = (b"cache-control", b"no-store")
_ALWAYS_TLS = (b"strict-transport-security", b"max-age=31536000")
_JSON = (b"content-type", b"application/json")
_DATA = (*_NAMES, _DATA_POLICY, _NOT_KEPT)
_PAGE = (*_NAMES, (b"content-security-policy", PAGE_POLICY.encode()), (b"cache-control", b"no-cache"))


def harden(response: Response, *, secure: bool) -> Response:
    """Adds the headers the response does not set itself; `secure`: the request came over TLS."""
    headers = response.raw_headers
    if len(headers) == 2 and headers[1] == _JSON:  # nearly every answer: nothing of its own to look for
        headers.extend(_DATA)
    else:
        present = {name for name, _ in headers}
        page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)
        headers.extend(header for header in (_PAGE if page else _DATA) if header[0] not in present)
    if secure:
        headers.append(_ALWAYS_TLS)
    return response
