"""Where Xero's payroll answers differ from what their specifications say.

Each entry is seen in the specification's own examples, or in the facts (sections 3.1 and 6.2).
"""

TEXT, NULL = {"type": "string"}, {"type": "null"}
GUID = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
V1, V2 = "/payroll.xro/1.0", "/payroll.xro/2.0"
ENVELOPES = {
    V1: {"Id": {"type": "string", "pattern": GUID}, "Status": {"enum": ["OK"]},
         "ProviderName": TEXT, "DateTimeUTC": {"type": "string", "pattern": r"^/Date\(-?\d+\)/$"}},
    V2: {"id": {"type": "string", "pattern": GUID}, "providerName": TEXT, "dateTimeUTC": TEXT,
         "httpStatusCode": {"enum": ["OK", "BadRequest", "Conflict"]}},
}
# Fields of the examples that the schemas lack.
MORE = {
    V1: {"Payslip": {"LastEdited": TEXT}, "DeductionLine": {"CalculationType": TEXT}},
    V2: {"LeaveType": {"isStatutoryLeave": {"type": "boolean"}},
         "PayRun": {"payslipMessage": TEXT},
         "EmployeeLeaveSetup": {
             "sickLeaveToAccrueAnnually": {"type": "number"},
             "sickLeaveMaximumToAccrue": {"type": "number"},
             "sickLeaveScheduleOfAccrual": TEXT, "sickLeaveAnniversaryDate": TEXT,
             "annualLeaveAnniversaryDate": TEXT}},
}


def adapt(spec, root):
    """Change the digest ``spec`` of the payroll API at ``root`` in place."""
    for side in ("request", "answer"):
        for name, fields in MORE[root].items():
            if name in spec[side]:
                spec[side][name]["properties"] |= fields
    for name in _tops(spec):
        spec["answer"][name]["properties"] |= ENVELOPES[root]
    for schema in spec["answer"].values():
        schema.pop("required", None)  # facts, 6.2: real lists lack required fields
        if root == V2 and "properties" in schema:
            schema["properties"] = {key: {"anyOf": [part, NULL]}
                                    for key, part in schema["properties"].items()}
    if root == V2:
        problem = {"type": "object", "required": ["problem", "httpStatusCode"], "properties": {
            **ENVELOPES[V2], "pagination": {}, "problem": {
                "$ref": "#/components/schemas/Problem"}}}
        for operation in _operations(spec):
            if "400" in operation["answers"]:
                operation["answers"]["400"] = problem
        for methods in spec["paths"].values():
            if "delete" in methods:  # the schemas say otherwise, the examples show this
                methods["delete"]["answers"]["200"] = {
                    "type": "object", "additionalProperties": False, "properties": {
                        **ENVELOPES[V2], "pagination": NULL, "problem": NULL}}
    else:
        for operation in _operations(spec):
            operation["answers"].pop("400", None)  # with Elements, as in accounting


def _operations(spec):
    return [operation for methods in spec["paths"].values() for operation in methods.values()]


def _tops(spec):
    """Names of the schemas that are a whole answer."""
    names = {schema.get("$ref", "").rpartition("/")[2] for operation in _operations(spec)
             for status, schema in operation["answers"].items() if status == "200"}
    return {name for name in names if "properties" in spec["answer"].get(name, {})}
