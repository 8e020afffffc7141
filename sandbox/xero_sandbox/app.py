"""The WSGI application: all of the sandbox behind one address."""

import logging
import time

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from . import api, control, faults, pages
from .log import UNCOUNTED
from .oauth import web

_log = logging.getLogger(__name__)
_IDENTITY = Map([
    Rule("/identity/connect/authorize", methods=["GET", "POST"], endpoint=web.authorize),
    Rule("/connect/token", methods=["POST"], endpoint=web.token),
    Rule("/connect/revocation", methods=["POST"], endpoint=web.revocation),
    Rule("/.well-known/openid-configuration", methods=["GET"], endpoint=web.discovery),
    Rule("/connections", methods=["GET"], endpoint=web.connections),
    Rule("/Connections", methods=["GET"], endpoint=web.connections),
    Rule("/connections/<id>", methods=["DELETE"], endpoint=web.delete_connection),
    Rule("/Connections/<id>", methods=["DELETE"], endpoint=web.delete_connection),
])


class SandboxRequest(Request):
    """A request that learns its path template and tenant on the way."""

    template = None
    tenant = None
    fault = None
    max_form_memory_size = 100_000


def _is_service(request):
    """Whether the call is for Xero, not for the sandbox's own pages."""
    return request.path.startswith((*api.ROOTS, *UNCOUNTED))


class Application:
    """WSGI application over a :class:`~xero_sandbox.sandbox.Sandbox`."""

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def __call__(self, environ, start_response):
        request = SandboxRequest(environ)
        # Keep-alive needs a read body; the control API takes JSON whatever its type is called.
        form = not request.path.startswith("/_sandbox/")
        request.get_data(cache=True, parse_form_data=form)
        return self.respond(request)(environ, start_response)

    def respond(self, request):
        """The response to ``request``; API and identity calls are logged."""
        if request.path.startswith("/_sandbox/"):
            return control.handle(self.sandbox, request)
        started = time.perf_counter()
        if self.sandbox.faults.rules and _is_service(request):
            with self.sandbox.lock:
                request.fault = self.sandbox.faults.draw(request)
        instead = request.fault and faults.before(request.fault, request)
        if instead:
            request.template = self._path(request)
        response = instead or self._dispatch(request)
        if request.template:
            self._record(request, response, started)
            if not instead:  # what a gateway answers is in no specification
                self._check(request, response)
        return faults.after(request.fault, request, response) if request.fault else response

    def _dispatch(self, request):
        try:
            if request.path.startswith(api.ROOTS):
                request.template = self._path(request)
                return api.handle(self.sandbox, request)
            identity = _IDENTITY.bind_to_environ(request.environ)
            if not identity.test():
                with self.sandbox.lock:
                    return pages.handle(self.sandbox, request)
            rule, ids = identity.match(return_rule=True)
            request.template = rule.rule.replace("<", "{").replace(">", "}")
            with self.sandbox.lock:
                self.sandbox.changed += 1
                return rule.endpoint(self.sandbox, request, **ids)
        except HTTPException as error:
            return error.get_response(request.environ)
        except Exception:
            _log.exception("Sandbox bug in %s %s", request.method, request.path)
            return Response(b'{"ErrorNumber":500,"Type":"InternalServerError"}', 500,
                            content_type="application/json; charset=utf-8")

    def _path(self, request):
        """The path as the log shows it when there is no template."""
        surface = api.surface_of(request.path, self.sandbox.options["country"])
        return surface.name + request.path.removeprefix(surface.root)

    def _check(self, request, response):
        """Compare the call with the specification, when the sandbox has one."""
        contract = self.sandbox.contract
        if not contract or not request.path.startswith(
                (*api.ROOTS, "/connections", "/Connections")):
            return
        if response.status_code in (401, 403, 404, 406, 413, 429, 500, 501, 503):
            return
        problems = contract.check(request.method, request.template, request.args,
                                  request.get_data(), response.status_code, response.get_data(),
                                  self.sandbox.options["country"])
        if problems:
            self.sandbox.violations.extend(problems)
            response.headers["X-Sandbox-Violation"] = str(len(problems))

    def _record(self, request, response, started):
        self.sandbox.log.add(
            request.template, request.tenant, method=request.method, path=request.path,
            query=request.query_string.decode("latin-1") if request.path.startswith(api.ROOTS)
            else "", status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 2),
            fault=request.fault and request.fault["kind"],
            user_agent=request.headers.get("User-Agent", ""),
            idempotency_key=request.headers.get("Idempotency-Key"),
            at=self.sandbox.clock.iso())
