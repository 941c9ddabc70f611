"""tally.py ROLE TALLY TABLE: prints what was called, and fails if an operation that the role may do never answered 2xx.

TABLE is tests/it/authz/table.rs, written by hand: who may do what.
"""

import json
import sys


def allowed(role, table):
    """The operations with a cell of success in the role's column."""
    rows = [line for line in table.splitlines() if " | " in line]
    callers = rows[0].split("|")[1].split()
    return {
        row.split("|")[0].rsplit(maxsplit=1)[0].strip()
        for row in rows[1:]
        if row.split("|")[1].split()[callers.index(role)].startswith("2")
    }


def main(role, tally_path, table_path):
    with open(tally_path, encoding="utf-8") as file:
        tally = json.load(file)
    with open(table_path, encoding="utf-8") as file:
        may = allowed(role, file.read())
    succeeded = {name for name, statuses in tally.items() if any(status.startswith("2") for status in statuses)}
    cases = sum(sum(statuses.values()) for statuses in tally.values())
    print(f"figure: schemathesis as {role}: {cases} cases, {len(may & succeeded)} of the {len(may)} operations it may do answered 2xx")
    missing = sorted(may - succeeded)
    for name in missing:
        print(f"  never 2xx: {name}: {tally.get(name, 'never called')}")
    sys.exit(1 if missing else 0)


main(*sys.argv[1:])
