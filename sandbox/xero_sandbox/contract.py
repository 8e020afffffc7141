"""Checks every request and answer against Xero's OpenAPI specification.

Stricter than the specification: properties it does not name are violations too. Fields that
are newer than version 16.1.0, or that Xero sends although its specification leaves them out,
are listed here (facts, "Version map" and section 3).
"""

import hashlib
import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from . import payroll_contract

# What stands before the paths of each file, and the country whose organisations have this API.
FILES = {
    "xero_accounting.yaml": ("", None), "xero-identity.yaml": ("", None),
    "xero-payroll-au.yaml": ("/payroll.xro/1.0", "AU"),
    "xero-payroll-au-v2.yaml": ("/payroll.xro/2.0", "AU"),
    "xero-payroll-nz.yaml": ("/payroll.xro/2.0", "NZ"),
    "xero-payroll-uk.yaml": ("/payroll.xro/2.0", "UK"),
}
GUID = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
MS_DATE = r"^/Date\(-?\d+([+-]\d{4})?\)/$"
ANY_DATE = MS_DATE[:-1] + r"$|^\d{4}-\d{2}-\d{2}(T.*)?$"
METHODS = ("get", "put", "post", "patch", "delete")
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
NEWER = {
    "Invoice": {"RoundingAmount": NUMBER, "EnteredTotal": NUMBER},
    "Item": {"QuantityAvailable": NUMBER, "QuantityOnBackOrder": NUMBER},
}
ANSWERS = {
    "Invoice": {"DateString": TEXT, "DueDateString": TEXT, "ExpectedPaymentDateString": TEXT,
                "PlannedPaymentDateString": TEXT},
    "CreditNote": {"DateString": TEXT, "DueDateString": TEXT},
    "Overpayment": {"DateString": TEXT}, "Prepayment": {"DateString": TEXT},
    "BankTransaction": {"DateString": TEXT},
    # As in the specification's own examples of answers.
    "PurchaseOrder": {"DateString": TEXT, "DeliveryDateString": TEXT, "Type": TEXT,
                      "ExpectedArrivalDateString": TEXT, "HasErrors": {"type": "boolean"},
                      "IsDiscounted": {"type": "boolean"}},
    "HistoryRecord": {"DateUTCString": TEXT, "ValidationErrors": {"type": "array"}},
    "ContactGroup": {"HasValidationErrors": {"type": "boolean"}},
    "LineItem": {"ValidationErrors": {"type": "array"}},
}
ENVELOPE = {"Id": {"type": "string", "pattern": GUID}, "Status": {"enum": ["OK"]},
            "ProviderName": TEXT, "DateTimeUTC": {"type": "string", "pattern": MS_DATE}}
NEWER_QUERY = {"/Invoices": {"allowBackorders"}, "/Invoices/{InvoiceID}": {"allowBackorders"}}
# The real answer lacks fields that its schema requires (facts, section 6.2).
UNCHECKED = {("DELETE", f"/{name}s/{{{name}ID}}/Allocations/{{AllocationID}}")
             for name in ("CreditNote", "Overpayment", "Prepayment")}


@lru_cache
def from_environment():
    """The contract of the folder that ``XERO_OPENAPI`` names, or None."""
    folder = os.environ.get("XERO_OPENAPI")
    return Contract(folder) if folder else None


class Contract:
    """Operations of the specifications in ``folder``; each file is read when first needed."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._specs = {}
        self._validators = {}

    def check(self, method, template, args, body, status, answer, country=None):
        """What is wrong with a call, as a list of texts.

        :param args: query parameters; :param body: request bytes; :param answer: answer bytes;
        :param country: of the organisation, which payroll depends on.
        """
        template = template.replace("/connections", "/Connections")
        file, operation = self._operation(method, template, country)
        if operation is None:
            return [f"{method} {template} is not an operation of the specification"]
        problems = self._query(template, operation, args)
        # A body that the sandbox refused as unreadable is the sandbox's finding already.
        if operation["body"] and not (status == 400 and b"PostDataInvalid" in answer):
            problems += self._body(file, operation["body"], body)
        schema = operation["answers"].get(str(status))
        if schema and (method, template) not in UNCHECKED:
            problems += self._errors(file, "answer", schema, _parse(answer), "answer")
        return [f"{method} {template}: {problem}" for problem in problems]

    def _operation(self, method, template, country):
        for file, (prefix, only) in FILES.items():
            if only in (None, country) and template.startswith(prefix):
                methods = self._spec(file)["paths"].get(template[len(prefix):], {})
                if method.lower() in methods:
                    return file, methods[method.lower()]
        return None, None

    def _spec(self, file):
        if file not in self._specs:
            self._specs[file] = _load(self._folder / file)
        return self._specs[file]

    def _query(self, template, operation, args):
        problems = []
        for name, value in args.items():
            kind = operation["query"].get(name)
            if kind is None:
                if name not in NEWER_QUERY.get(template, ()):
                    problems.append(f"query parameter {name} is not in the specification")
            elif kind == "boolean" and value.lower() not in ("true", "false"):
                problems.append(f"query parameter {name}={value} is not a boolean")
            elif kind == "integer" and not value.lstrip("-").isdigit():
                problems.append(f"query parameter {name}={value} is not a whole number")
        return problems

    def _body(self, file, schema, body):
        data = _parse(body)
        name = schema.get("$ref", "").rpartition("/")[2]
        plural = self._spec(file)["plurals"].get(name)
        if plural:
            if isinstance(data, dict):
                same = [key for key in data if key.lower() == plural.lower()]
                data = {plural: data[same[0]] if same else [data]}
            elif isinstance(data, list):
                data = {plural: data}
        return self._errors(file, "request", schema, data, "request")

    def _errors(self, file, side, schema, data, where):
        key = (file, side, json.dumps(schema))
        if key not in self._validators:
            from jsonschema import Draft4Validator

            self._validators[key] = Draft4Validator(
                {**schema, "components": {"schemas": self._spec(file)[side]}}
                if "$ref" not in schema else
                {"allOf": [schema], "components": {"schemas": self._spec(file)[side]}})
        return [f"{where} {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
                for error in self._validators[key].iter_errors(data)][:20]


def _parse(data):
    try:
        return json.loads(data)
    except ValueError:
        return None


def _load(path):
    """What is needed of a specification, from the cache in the temporary folder if unchanged."""
    source = path.read_bytes()
    code = b"".join(Path(module).read_bytes() for module in (__file__, payroll_contract.__file__))
    name = hashlib.sha256(source + code).hexdigest()[:24]
    folder = Path(tempfile.gettempdir()) / f"xero-sandbox-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    cached = folder / f"{name}.json"
    if cached.exists() and folder.stat().st_uid == os.getuid():
        return json.loads(cached.read_text())
    import yaml

    spec = _digest(yaml.load(source, Loader=yaml.CSafeLoader))
    if "payroll" in path.name:
        payroll_contract.adapt(spec, FILES[path.name][0])
    fresh = cached.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(spec))
    fresh.replace(cached)
    return spec


def _digest(spec):
    schemas = spec["components"]["schemas"]
    plurals = {name: _plural(schema) for name, schema in schemas.items()}
    parameters = spec["components"].get("parameters", {})
    paths = {}
    for path, methods in spec["paths"].items():
        paths[path] = {method: _operation(spec, operation, parameters)
                       for method, operation in methods.items() if method in METHODS}
    return {
        "paths": paths, "plurals": plurals,
        "request": {name: _schema(schema, name, False, plurals)
                    for name, schema in schemas.items()},
        "answer": {name: _schema(schema, name, True, plurals)
                   for name, schema in schemas.items()},
    }


def _plural(schema):
    """The list property of an envelope schema such as Invoices, or None."""
    if "x-objectArrayKey" not in schema:
        return None
    return next((key for key, part in schema["properties"].items()
                if part.get("type") == "array" and key != "Warnings"), None)


def _operation(spec, operation, parameters):
    query = {}
    for parameter in operation.get("parameters", ()):
        if "$ref" in parameter:
            parameter = parameters[parameter["$ref"].rpartition("/")[2]]
        if parameter["in"] == "query":
            query[parameter["name"]] = parameter["schema"].get("type")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = {}
    for status, answer in operation["responses"].items():
        if "$ref" in answer:
            answer = spec["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        content = answer.get("content", {}).get("application/json", {})
        if "schema" in content:
            answers[status] = _schema(content["schema"], None, True, {})
    body = _schema(body["schema"], None, False, {}) if "schema" in body else None
    return {"query": query, "body": body, "answers": answers}


def _schema(schema, name, answer, plurals):
    """An OpenAPI 3.0 schema as closed JSON Schema."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    result = {key: schema[key] for key in (
        "type", "enum", "maxLength", "minimum", "maximum", "maxItems") if key in schema}
    if answer and "required" in schema:
        result["required"] = schema["required"]
    if "properties" in schema:
        result["type"] = "object"
        result["properties"] = {key: _schema(part, None, answer, plurals)
                                for key, part in schema["properties"].items()}
        result["properties"] |= NEWER.get(name, {})
        if answer:
            result["properties"] |= ANSWERS.get(name, {})
            if plurals.get(name) or name == "ReportWithRows":
                result["properties"] |= ENVELOPE
        result["additionalProperties"] = name == "Element"
    if "items" in schema:
        result["items"] = _schema(schema["items"], None, answer, plurals)
    if "allOf" in schema:
        result["allOf"] = [_schema(part, None, answer, plurals) for part in schema["allOf"]]
    if schema.get("format") == "uuid":
        result["pattern"] = GUID
    if schema.get("x-is-msdate") or schema.get("x-is-msdate-time"):
        result["pattern"] = MS_DATE if answer else ANY_DATE
    if schema.get("nullable"):
        return {"anyOf": [result, {"type": "null"}]}
    return result
