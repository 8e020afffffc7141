"""Status, bytes and headers of an answer."""

from werkzeug.wrappers import Response


class Answer:
    """Status, bytes and headers of an API answer; what the idempotency store keeps."""

    def __init__(self, status, body, content_type="application/json; charset=utf-8", headers=()):
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers = dict(headers)

    def response(self, extra):
        """A WSGI response with further headers."""
        return Response(self.body, self.status, headers={**self.headers, **extra},
                        content_type=self.content_type)
