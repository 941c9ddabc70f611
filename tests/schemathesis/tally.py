"""tally.py ROLE TALLY TABLES LEAST: prints what was called. Fails if an operation that the role may do never answered 2xx, or if
there were fewer than LEAST cases.

TABLES is the folder tests/it/authz_matrix/table, written by hand: who may do what, a file a noun.
"""

import json
import pathlib
import re
import sys

ROW = re.compile("(operation|[A-Z]+ /[^ ]*) +[^ ]+ +[|]")


def allowed(role, table):
    """The operations of a table with a cell of success in the role's column; none where it is no table."""
    rows = [line for line in table.splitlines() if ROW.match(line)]
    if not rows:
        return set()
    callers = rows[0].split("|")[1].split()
    return {
        row.split("|")[0].rsplit(maxsplit=1)[0].strip()
        for row in rows[1:]
        if row.split("|")[1].split()[callers.index(role)].startswith("2")
    }


def main(role, tally_path, tables, least):
    with open(tally_path, encoding="utf-8") as file:
        tally = json.load(file)
    files = pathlib.Path(tables).glob("*.rs")
    may = set().union(*(allowed(role, file.read_text(encoding="utf-8")) for file in files))
    if not may:
        sys.exit(f"{tables} holds nothing that the role {role} may do")
    succeeded = {name for name, statuses in tally.items() if any(status.startswith("2") for status in statuses)}
    cases = sum(sum(statuses.values()) for statuses in tally.values())
    done = f"{len(may & succeeded)} of the {len(may)} operations it may do answered 2xx"
    print(f"figure: schemathesis as {role}: {cases} cases, {done}")
    missing = sorted(may - succeeded)
    for name in missing:
        print(f"  never 2xx: {name}: {tally.get(name, 'never called')}")
    if cases < int(least):
        print(f"  fewer than {least} cases")
    sys.exit(1 if missing or cases < int(least) else 0)


main(*sys.argv[1:])
