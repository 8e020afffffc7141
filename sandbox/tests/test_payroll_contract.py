"""The payroll APIs against Xero's own specifications of each country."""

import json
import re

import pytest

from xero_sandbox import api
from xero_sandbox.contract import FILES

V1, V2 = "/payroll.xro/1.0", "/payroll.xro/2.0"
PAYROLL = sorted((root, country, name) for name, (root, country) in FILES.items() if country)


@pytest.fixture
def contract(server):
    if server.sandbox.contract is None:
        pytest.skip("XERO_OPENAPI names no folder with Xero's specifications"
                    " (looked for ../shared/xero-openapi)")
    return server.sandbox.contract


@pytest.mark.parametrize(("root", "country", "file"), PAYROLL)
def test_every_operation_is_served_and_no_other(contract, root, country, file):
    surface = next(found for found in api.SURFACES
                   if (found.root, found.country) == (root, country))
    ours = {(method.lower(), re.sub(r"<(\w+)>", r"{\1}", rule.rule))
            for rule in surface._map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}}
    theirs = {(method, path) for path, methods in contract._spec(file)["paths"].items()
              for method in methods}
    assert ours == theirs


@pytest.mark.parametrize(("method", "template", "country", "body", "word"), [
    ("POST", V1 + "/Timesheets", "AU", [{"Nickname": 1}], "Nickname"),
    ("POST", V1 + "/PayRuns", "AU", [{"PayRunStatus": "OPEN"}], "OPEN"),
    ("POST", V2 + "/Timesheets", "NZ", {"startDate": 7}, "is not of type 'string'"),
    ("PUT", V2 + "/PayRuns/{PayRunID}", "UK", {}, "not an operation"),
    ("POST", V2 + "/PayRuns", "UK", {}, "not an operation"),
    ("GET", V1 + "/Employees", "NZ", None, "not an operation"),
])
def test_bad_requests_are_noticed(contract, method, template, country, body, word):
    found = contract.check(method, template, {}, json.dumps(body).encode(), 401, b"", country)
    assert word in " ".join(found)


@pytest.mark.parametrize(("template", "country", "answer", "word"), [
    (V1 + "/Employees", "AU", {"Employees": [{"FirstName": 7}]}, "'string'"),
    (V1 + "/Employees", "AU", {"Employees": [{"Datum": 7}]}, "Datum"),
    (V1 + "/PayRuns", "AU", {"PayRuns": [{"PaymentDate": "2026-01-01"}]}, "does not match"),
    (V2 + "/Employees", "UK", {"employees": [{"jobTitle": "x"}]}, "jobTitle"),
])
def test_bad_answers_are_noticed(contract, template, country, answer, word):
    found = contract.check("GET", template, {}, b"", 200, json.dumps(answer).encode(), country)
    assert word in " ".join(found)


def test_a_problem_needs_its_envelope(contract):
    problem = json.dumps({"title": "x"}).encode()
    assert contract.check("POST", V2 + "/Timesheets", {}, b"{}", 400, problem, "NZ")
