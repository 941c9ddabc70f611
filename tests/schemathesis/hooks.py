"""What schemathesis cannot guess: who calls, and ids, tokens and passwords that are the caller's own.

`PROXIE_URL` is the API, `PROXIE_ROLE` who calls, `PROXIE_TALLY` the file of what was answered, `PROXIE_API` the program that
makes tokens, `PROXIE_SVIX_SECRET` what Clerk's events are signed with, in Base64.
"""

import atexit
import base64
import collections
import datetime
import functools
import hashlib
import hmac
import json
import os
import subprocess
import threading
import time
import uuid

import requests
import schemathesis
from hypothesis import strategies
from schemathesis.generation.meta import TestPhase

URL = os.environ["PROXIE_URL"]
ROLE = os.environ["PROXIE_ROLE"]
PASSWORD = "correct horse battery"

sessions = threading.local()


def call(method, path, token=None, body=None):
    """Answers the body of a call that must succeed."""
    if not hasattr(sessions, "http"):
        sessions.http = requests.Session()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = sessions.http.request(method, URL + path, headers=headers, json=body, timeout=60)
    if not answer.ok:
        raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
    return answer.json() if answer.content else None


# --- who calls ----------------------------------------------------------------------------------------------------


def made_up(role):
    """The token of somebody who has never called."""
    if role == "guest":
        return call("POST", "/auth/guest")["access_token"]
    command = [os.environ["PROXIE_API"], "token", "--sub", str(uuid.uuid4()), "--role", role]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@functools.cache
def operator():
    return made_up("admin")


def account():
    """Somebody with the role and a password: the e-mail, and what sign-in answers."""
    email = f"{uuid.uuid4()}@example.com"
    signed_in = call("POST", "/auth/register", body={"email": email, "password": PASSWORD})
    if ROLE != "consumer":
        call("PUT", f"/admin/users/{signed_in['user']['id']}/role", operator(), {"role": ROLE})
        signed_in = sign_in(email)
    return email, signed_in


def sign_in(email):
    return call("POST", "/auth/login", body={"email": email, "password": PASSWORD})


# Made before the first call, as one thread only is here yet.
SPARE = f"{uuid.uuid4()}@example.com"
call("POST", "/auth/register", body={"email": SPARE, "password": PASSWORD})
TOKEN = made_up("guest") if ROLE == "guest" else account()[1]["access_token"]

# Those end the caller, or the little that a caller may have.
FOR_ONCE = {"DELETE /auth/me", "POST /requests"}


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Everything is called with a good token."""

    def get(self, case, context):
        return made_up(ROLE) if case.operation.label in FOR_ONCE else TOKEN

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


# --- what is the caller's own -------------------------------------------------------------------------------------


def said():
    return call("POST", "/chat", TOKEN, {"message": "I need a haircut"})


def session():
    return said()["session_id"]


def cancelled():
    task = said()["task_id"]
    call("POST", f"/chat/cancel/{task}", TOKEN)
    return task


@functools.cache
def kept():
    """A conversation that stays, with a task that is done."""
    taken = said()
    call("GET", f"/chat/status/{taken['task_id']}?wait=30", TOKEN)
    return taken


kept()


def user():
    return call("GET", "/auth/me", made_up("consumer"))["id"]


PATHS = {
    "GET /chat/status/{task_id}": ("task_id", lambda: kept()["task_id"]),
    "POST /chat/cancel/{task_id}": ("task_id", lambda: said()["task_id"]),
    "POST /chat/retry/{task_id}": ("task_id", cancelled),
    "GET /chat/sessions/{session_id}": ("session_id", lambda: kept()["session_id"]),
    "DELETE /chat/sessions/{session_id}": ("session_id", session),
    "PUT /admin/users/{user_id}/status": ("user_id", user),
    "PUT /admin/users/{user_id}/role": ("user_id", user),
    "GET /api/docs/{file}": ("file", lambda: "swagger-ui.css"),
    "GET /api/redoc/{file}": ("file", lambda: "redoc.standalone.js"),
}


def refresh_token():
    return sign_in(SPARE)["refresh_token"]


# What of a body is replaced, where it is there at all.
BODIES = {
    "POST /auth/login": {"email": lambda: SPARE, "password": lambda: PASSWORD},
    "POST /auth/refresh": {"refresh_token": refresh_token},
    "POST /auth/logout": {"refresh_token": refresh_token},
    "POST /auth/password": {"current_password": lambda: PASSWORD, "new_password": lambda: PASSWORD},
    "POST /chat": {"session_id": lambda: kept()["session_id"]},
    "POST /requests": {"service_id": lambda: "haircut", "city": lambda: "Brooklyn", "zone": lambda: "America/New_York"},
}
GUESTS = {"POST /auth/register", "POST /auth/login", "POST /chat/sessions/claim"}


def sign(request):
    """Signs an event as Svix does: https://docs.svix.com/receiving/verifying-payloads/how-manual"""
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else body
    event, at = str(uuid.uuid4()), str(int(time.time()))
    key = base64.b64decode(os.environ["PROXIE_SVIX_SECRET"])
    signature = hmac.digest(key, f"{event}.{at}.".encode() + body, hashlib.sha256)
    signed = {"svix-id": event, "svix-timestamp": at, "svix-signature": f"v1,{base64.b64encode(signature).decode()}"}
    request.headers.update(signed)
    return request


@schemathesis.hook
def before_call(context, case, kwargs):
    # What is wrong on purpose stays wrong; what follows from earlier answers has its ids from there.
    if case.meta is None or not case.meta.generation.mode.is_positive or case.meta.phase.name == TestPhase.STATEFUL:
        return
    name = case.operation.label
    if name == "POST /webhooks/clerk":
        kwargs["auth"] = sign
    if name in PATHS:
        parameter, own = PATHS[name]
        case.path_parameters = {parameter: own()}
    if isinstance(case.body, dict):
        replaced = {field: own() for field, own in BODIES.get(name, {}).items() if case.body.get(field) is not None}
        if name in GUESTS and case.body.get("guest_token") is not None:
            replaced["guest_token"] = made_up("guest")
        # Nothing at all fits the schema, and would be all that is ever said.
        if name == "POST /chat" and case.body.get("message") is None and case.meta.phase.name == TestPhase.FUZZING:
            replaced["message"] = "I need a haircut"
        # The examples are the same for each role.
        if name == "POST /auth/register" and case.meta.phase.name == TestPhase.EXAMPLES:
            replaced["email"] = f"{uuid.uuid4()}@example.com"
        if replaced:
            case.body = {**case.body, **replaced}


# --- rules that a schema cannot say -------------------------------------------------------------------------------

# Where what fits the schema may be refused (422), and why.
RULES = {
    "POST /auth/register": {"/body/name": "not blank", "/body/guest_token": "a guest's, and good"},
    "POST /auth/login": {"/body/guest_token": "a guest's, and good"},
    "POST /auth/password": {"/body/current_password": "the present one"},
    "POST /chat": {"/body/message": "needed as long as nothing else can be sent, and not blank"},
    "POST /chat/sessions/claim": {"/body/guest_token": "a guest's, and good"},
    "POST /requests": {
        "/body/service_id": "one of the catalog",
        "/body/city": "not blank",
        "/body/zone": "an IANA zone; needed where the city is not known",
        "/body/window": "begins before it ends, is not over, within two years",
        "/body/budget": "at least one amount, the least not above the most",
        "/body/specializations/": "phrases are not blank",
    },
}


@schemathesis.check
def refused_by_written_rules_only(ctx, response, case):
    """What fits its schema is refused for a rule of the list above, or for a NUL, which PostgreSQL does not keep."""
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    rules = tuple(RULES.get(case.operation.label, ()))
    problems = [problem for problem in response.json().get("errors", ()) if "NUL" not in problem["message"]]
    unwritten = [problem for problem in problems if not problem["pointer"].startswith(rules)]
    assert not unwritten, f"{case.operation.label} refuses what fits its schema: {unwritten}"


schemathesis.openapi.format(
    "local-date-time",
    strategies.datetimes(min_value=datetime.datetime(1970, 1, 1)).map(lambda at: at.strftime("%Y-%m-%dT%H:%M")),
)


# --- what was answered --------------------------------------------------------------------------------------------

answers = collections.Counter()
lock = threading.Lock()


@schemathesis.hook
def after_call(context, case, response):
    method = response.request.method
    with lock:
        answers[f"{method} {case.operation.path}", response.status_code] += 1


@atexit.register
def write_tally():
    tally = collections.defaultdict(dict)
    for (operation, status), count in sorted(answers.items()):
        tally[operation][status] = count
    with open(os.environ["PROXIE_TALLY"], "w", encoding="utf-8") as file:
        json.dump(tally, file, indent=1)
