"""The safety headers of a public page that stands alone: no script, nothing from elsewhere."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)


def safe_headers(page: str, cached: str = "no-cache") -> dict[str, str]:
    """Nothing may be loaded, run or framed; of styles, those on the page alone."""
    styles = (sha256(style.encode()).digest() for style in _STYLE.findall(page))
    allowed = " ".join(f"'sha256-{b64encode(style).decode()}'" for style in styles)
    policy = (
        "default-src 'none'",
        f"style-src {allowed}",
        "img-src data:",  # the icon, which browsers would ask for elsewhere
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": cached,
    }
