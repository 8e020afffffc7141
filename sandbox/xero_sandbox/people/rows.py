"""Find and change rows on behalf of a person."""


def find(table, key):
    """The row; :raises KeyError: when there is none."""
    row = table.get(key)
    if row is None:
        raise KeyError(key)
    return row


def by_code(org, code):
    """The account with this code; :raises KeyError: when there is none."""
    account = org.accounts.find("code", code)
    if account is None:
        raise KeyError(code)
    return account


def change(org, table, key, **values):
    """Change fields of a row; its UpdatedDateUTC moves if the resource has one."""
    row = find(table, key)
    stamp = {"updated": org.stamp()} if "updated" in row else {}
    return table.put({**row, **values, **stamp})
