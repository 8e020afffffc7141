"""The history of a record: what happened to it, and notes that people and apps left."""


def note(org, record_id, changes, details=""):
    """Add a line; returns it. ``changes`` is a word such as Created, Edited, Paid, Note."""
    row = org.history.get(record_id) or {"RecordID": record_id, "entries": []}
    entry = {"Changes": changes, "Details": details, "User": "System Generated",
             "at": org.stamp()}
    org.history.put({**row, "entries": [*row["entries"], entry]})
    return entry
