"""Security headers, set in one place on every answer."""

from flask import Flask, Response

CONTENT_SECURITY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
YEAR = 365 * 24 * 3600


def join_headers(app: Flask, *, secure: bool) -> None:
    """Add the headers to every answer of the application; HSTS only where the public address is https."""

    @app.after_request
    def set_headers(response: Response) -> Response:
        # A page that needs another policy (the demonstration's mails) or may be cached (static) says so itself.
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        return response
