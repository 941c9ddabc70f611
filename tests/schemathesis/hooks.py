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
import struct
import subprocess
import threading
import time
import uuid
import zlib

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
# Has no business, whatever becomes of the other.
APPLICANT = TOKEN if ROLE == "guest" else account()[1]["access_token"]
if ROLE != "guest":
    call("POST", "/enrollment/start", APPLICANT)

# Those end the caller, or the little that a caller may have.
FOR_ONCE = {"DELETE /auth/me", "POST /requests", "POST /media", "POST /providers"}


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Everything is called with a good token."""

    def get(self, case, context):
        if "/enrollment" in case.operation.label:
            return APPLICANT
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


def picture():
    """A PNG of one white pixel."""

    def chunk(name, held):
        return struct.pack(">I", len(held)) + name + held + struct.pack(">I", zlib.crc32(name + held))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0\xff")), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def uploaded():
    """The view of a new picture of the caller."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.post(f"{URL}/media", headers=headers, files={"file": picture()}, timeout=60)
    answer.raise_for_status()
    return answer.json()


@functools.cache
def kept_picture():
    """A picture that stays."""
    return uploaded()["id"]


def picture_file():
    """Where the file of the picture is: a link is good for a quarter of an hour."""
    _, _, media, file = call("GET", f"/media/{kept_picture()}", TOKEN)["url"].split("/")
    return {"media_id": media, "file": file}


def user():
    return call("GET", "/auth/me", made_up("consumer"))["id"]


def slug(noun):
    return f"{noun}_{uuid.uuid4().hex}"


def category():
    """An empty category of the catalog."""
    made = slug("category")
    call("PUT", f"/services/catalog/{made}", operator(), {"name": "Made", "description": ""})
    return made


def service():
    """A service that nobody offers."""
    made = slug("service")
    like = call("GET", "/services/services/haircut")
    del like["id"]
    call("PUT", f"/services/services/{made}", operator(), like)
    return made


def nobodys():
    return str(uuid.uuid4())


@functools.cache
def me():
    """The caller's own id; a guest has no account to ask about."""
    return nobodys() if ROLE == "guest" else call("GET", "/auth/me", TOKEN)["id"]


def posted():
    body = {"service_id": "haircut", "city": "Brooklyn", "allow_duplicate": True}
    return call("POST", "/requests", TOKEN, body)["id"]


@functools.cache
def request():
    """A request of the caller's that stays; others than consumers have none."""
    return posted() if ROLE == "consumer" else nobodys()


def spare_request():
    """A request that may end; the one that stays, where there are ten already."""
    try:
        return posted() if ROLE == "consumer" else nobodys()
    except RuntimeError:
        return request()


# All that an enrollment needs which then waits for an admin.
PLUMBER = {
    "business_name": "Pipes", "city": "Brooklyn",
    "services": [{"service_id": "pipe_repair", "licence_number": "1", "licence_expires_on": "2099-12-31"}],
    "availability": {"zone": "America/New_York", "weekly": {"monday": [{"start": "09:00", "end": "17:00"}]}},
}


def draft():
    """The caller's enrollment, which can be filled in and deleted."""
    begun = call("POST", "/enrollment/start", APPLICANT)
    if begun["status"] == "pending_verification":
        call("POST", f"/enrollment/{begun['id']}/reject", operator(), {"reasons": ["Not yet."]})
    return begun["id"]


def filled_in():
    """The caller's enrollment, which can be handed in."""
    begun = draft()
    call("PATCH", f"/enrollment/{begun}", APPLICANT, PLUMBER)
    return begun


def waiting():
    """Somebody's enrollment that waits for an admin."""
    somebody = made_up("consumer")
    begun = call("POST", "/enrollment/start", somebody)["id"]
    call("PATCH", f"/enrollment/{begun}", somebody, PLUMBER)
    return call("POST", f"/enrollment/{begun}/submit", somebody)["id"]


def licence():
    """A provider's licence that waits for an admin."""
    somebody = made_up("consumer")
    begun = call("POST", "/enrollment/start", somebody)["id"]
    services = [{"service_id": "house_cleaning"}, *PLUMBER["services"]]
    call("PATCH", f"/enrollment/{begun}", somebody, {**PLUMBER, "services": services})
    provider = call("POST", f"/enrollment/{begun}/submit", somebody)["provider_id"]
    return {"provider_id": provider, "service_id": "pipe_repair"}


def provider():
    return {"provider_id": licence()["provider_id"]}


def services():
    return [{"service_id": "haircut", "places": ["provider"], "currency": "USD"}]


@functools.cache
def business():
    """The caller's own; of a guest, who has none, somebody's. Becoming a provider, one keeps the role that one had."""
    token = account()[1]["access_token"] if ROLE == "guest" else TOKEN
    body = {"name": "Curls & Co", "city": "Brooklyn", "services": services()}
    made = call("POST", "/providers", token, body)["id"]
    if ROLE == "consumer":
        me = call("GET", "/auth/me", TOKEN)["id"]
        call("PUT", f"/admin/users/{me}/role", operator(), {"role": ROLE})
    return made


def own_service():
    """A business with a service that is not needed any more."""
    offered = {"service_id": "braiding", "places": ["provider"], "currency": "USD"}
    if ROLE != "guest":
        requests.post(f"{URL}/providers/{business()}/services", json=offered, headers={"Authorization": f"Bearer {TOKEN}"})
    return business(), "braiding"


def template():
    if ROLE == "guest":
        return business(), str(uuid.uuid4())
    words = {"name": str(uuid.uuid4()), "body": "Hi {first_name}"}
    return business(), call("POST", f"/providers/{business()}/templates", TOKEN, words)["id"]


def portfolio_item():
    if ROLE == "guest":
        return business(), str(uuid.uuid4())
    return business(), call("POST", f"/providers/{business()}/portfolio", TOKEN, {"media_id": uploaded()["id"]})["id"]


TWO_IDS = {
    "PATCH /providers/{provider_id}/portfolio/{item_id}": ("item_id", portfolio_item),
    "DELETE /providers/{provider_id}/portfolio/{item_id}": ("item_id", portfolio_item),
    "PATCH /providers/{provider_id}/services/{service_id}": ("service_id", lambda: (business(), "haircut")),
    "DELETE /providers/{provider_id}/services/{service_id}": ("service_id", own_service),
    "PATCH /providers/{provider_id}/templates/{template_id}": ("template_id", template),
    "DELETE /providers/{provider_id}/templates/{template_id}": ("template_id", template),
}


def own_path(own):
    """The parameters of a path: of one name, or what makes all of them."""
    return own() if callable(own) else {own[0]: own[1]()}


PATHS = {
    "GET /requests/{request_id}": ("request_id", request),
    "GET /requests/{request_id}/matches": ("request_id", request),
    "PATCH /requests/{request_id}": ("request_id", request),
    "POST /requests/{request_id}/match": ("request_id", request),
    "POST /requests/{request_id}/cancel": ("request_id", spare_request),
    "GET /consumers/{user_id}/profile": ("user_id", me),
    "PUT /consumers/{user_id}/profile": ("user_id", me),
    "PATCH /consumers/{user_id}/location": ("user_id", me),
    "GET /consumers/{user_id}/requests": ("user_id", me),
    "PUT /admin/providers/{provider_id}/services/{service_id}/verify": licence,
    "PUT /admin/providers/{provider_id}/status": provider,
    "GET /chat/status/{task_id}": ("task_id", lambda: kept()["task_id"]),
    "POST /chat/cancel/{task_id}": ("task_id", lambda: said()["task_id"]),
    "POST /chat/retry/{task_id}": ("task_id", cancelled),
    "GET /chat/sessions/{session_id}": ("session_id", lambda: kept()["session_id"]),
    "DELETE /chat/sessions/{session_id}": ("session_id", session),
    "GET /enrollment/{enrollment_id}": ("enrollment_id", draft),
    "PATCH /enrollment/{enrollment_id}": ("enrollment_id", draft),
    "DELETE /enrollment/{enrollment_id}": ("enrollment_id", draft),
    "POST /enrollment/{enrollment_id}/submit": ("enrollment_id", filled_in),
    "POST /enrollment/{enrollment_id}/approve": ("enrollment_id", waiting),
    "POST /enrollment/{enrollment_id}/reject": ("enrollment_id", waiting),
    "GET /admin/tasks/{task_id}": ("task_id", lambda: kept()["task_id"]),
    "POST /admin/tasks/{task_id}/retry": ("task_id", cancelled),
    "POST /admin/tasks/{task_id}/cancel": ("task_id", lambda: said()["task_id"]),
    "GET /media/{media_id}": ("media_id", kept_picture),
    "DELETE /media/{media_id}": ("media_id", lambda: uploaded()["id"]),
    "GET /media/{media_id}/{file}": picture_file,
    "PUT /admin/users/{user_id}/status": ("user_id", user),
    "PUT /admin/users/{user_id}/role": ("user_id", user),
    "GET /services/catalog/{category_id}": ("category_id", lambda: "hair_beauty"),
    "PUT /services/catalog/{category_id}": ("category_id", category),
    "DELETE /services/catalog/{category_id}": ("category_id", category),
    "GET /services/services/{service_id}": ("service_id", lambda: "haircut"),
    "PUT /services/services/{service_id}": ("service_id", lambda: slug("service")),
    "DELETE /services/services/{service_id}": ("service_id", service),
    "GET /providers/{provider_id}": ("provider_id", business),
    "PUT /providers/{provider_id}": ("provider_id", business),
    "PATCH /providers/{provider_id}": ("provider_id", business),
    "GET /providers/{provider_id}/profile": ("provider_id", business),
    "PATCH /providers/{provider_id}/profile": ("provider_id", business),
    "GET /providers/{provider_id}/services": ("provider_id", business),
    "POST /providers/{provider_id}/services": ("provider_id", business),
    "GET /providers/{provider_id}/templates": ("provider_id", business),
    "POST /providers/{provider_id}/templates": ("provider_id", business),
    "GET /providers/{provider_id}/portfolio": ("provider_id", business),
    "POST /providers/{provider_id}/portfolio": ("provider_id", business),
    "GET /providers/{provider_id}/availability": ("provider_id", business),
    "PUT /providers/{provider_id}/availability": ("provider_id", business),
    "GET /providers/{provider_id}/settings": ("provider_id", business),
    "PUT /providers/{provider_id}/settings": ("provider_id", business),
    "PUT /providers/{provider_id}/status": ("provider_id", business),
    "GET /providers/{provider_id}/stats": ("provider_id", business),
    "GET /reviews/provider/{provider_id}": ("provider_id", business),
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
    "PUT /services/services/{service_id}": {"category_id": lambda: "hair_beauty"},
    "POST /media": {"file": picture},
    "POST /chat": {"session_id": lambda: kept()["session_id"]},
    "POST /requests": {
        "service_id": lambda: "haircut",
        "city": lambda: "Brooklyn",
        "zone": lambda: "America/New_York",
        "media": list,
    },
    "PATCH /requests/{request_id}": {
        "service_id": lambda: "haircut",
        "city": lambda: "Brooklyn",
        "zone": lambda: "America/New_York",
        "media": list,
    },
    "PUT /consumers/me/profile": {"zone": lambda: "America/New_York"},
    "PUT /consumers/{user_id}/profile": {"zone": lambda: "America/New_York"},
    "PATCH /consumers/me/location": {"zone": lambda: "America/New_York"},
    "PATCH /consumers/{user_id}/location": {"zone": lambda: "America/New_York"},
    "POST /providers": {
        "city": lambda: "Brooklyn",
        "zone": lambda: "America/New_York",
        "services": services,
        "availability": lambda: {"zone": "America/New_York", "weekly": {}},
    },
    "POST /providers/{provider_id}/portfolio": {
        "media_id": lambda: nobodys() if ROLE == "guest" else uploaded()["id"],
        "service_id": lambda: "haircut",
    },
    "PATCH /providers/{provider_id}/portfolio/{item_id}": {"service_id": lambda: "haircut"},
    "PUT /providers/{provider_id}/availability": {
        "weekly": lambda: {"monday": [{"start": "09:00", "end": "17:00"}]},
        "exceptions": list,
    },
    "PUT /providers/{provider_id}": {"city": lambda: "Brooklyn", "zone": lambda: "America/New_York"},
    "PATCH /providers/{provider_id}": {"zone": lambda: "America/New_York"},
    "PATCH /providers/{provider_id}/profile": {"zone": lambda: "America/New_York"},
    "POST /providers/{provider_id}/services": {"service_id": lambda: "braiding", "places": lambda: ["provider"]},
    "PATCH /providers/{provider_id}/services/{service_id}": {"places": lambda: ["provider"]},
    "POST /providers/{provider_id}/templates": {"service_id": lambda: "haircut", "body": lambda: "Hi {first_name}"},
    "PATCH /providers/{provider_id}/templates/{template_id}": {"service_id": lambda: "haircut"},
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
    if name in TWO_IDS:
        parameter, own = TWO_IDS[name]
        provider, part = own()
        case.path_parameters = {"provider_id": provider, parameter: part}
    if name in PATHS:
        case.path_parameters = own_path(PATHS[name])
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

CONSUMER = {
    "/body/name": "not blank",
    "/body/phone": "not blank",
    "/body/street": "not blank",
    "/body/city": "not blank",
    "/body/zone": "an IANA zone",
}

# Where what fits the schema may be refused (422), and why.
BUSINESS = {
    "/body/name": "not blank",
    "/body/city": "not blank",
    "/body/zone": "an IANA zone; needed where the city is not known",
    "/body/languages/": "1 to 50 characters, not blank",
    "/body/phone": "not blank",
    "/body/street": "not blank",
}
SERVICE = {
    "/body/service_id": "one of the catalog",
    "/body/places/": "places where the catalog has it done",
    "/body/price_max_cents": "the least price is not above the most",
    "/body/specializations/": "phrases are not blank",
    "/body/licence_number": "not blank",
    "/body/licence_expires_on": "not over",
}
TEMPLATE = {
    "/body/service_id": "one of the catalog",
    "/body/name": "not blank",
    "/body/body": "not blank; in braces stand four words only",
}
RULES = {
    "PUT /offers/{offer_id}/accept": {"/body/address": "not blank"},
    "GET /bookings": {"/query/cursor": "of a page, with a time that there is"},
    "PUT /bookings/{booking_id}/cancel": {"/body/reason": "not blank"},
    "POST /auth/register": {"/body/name": "not blank", "/body/guest_token": "a guest's, and good"},
    "POST /auth/login": {"/body/guest_token": "a guest's, and good"},
    "POST /auth/password": {"/body/current_password": "the present one"},
    "POST /chat": {"/body/message": "needed as long as nothing else can be sent, and not blank"},
    "POST /chat/sessions/claim": {"/body/guest_token": "a guest's, and good"},
    "PATCH /enrollment/{enrollment_id}": {
        "/body/business_name": "not blank",
        "/body/city": "not blank",
        "/body/zone": "an IANA zone",
        "/body/languages/": "names are not blank",
        "/body/phone": "not blank",
        "/body/street": "not blank",
        "/body/services": "of the catalog, each once, at its places; prices in order; licences not over; phrases not blank",
        "/body/availability": "hours end after they begin and do not overlap; dates once",
        "/body/portfolio": "services of the catalog; each picture once",
    },
    "POST /enrollment/{enrollment_id}/submit": {"/body/": "all that an enrollment needs"},
    "POST /enrollment/{enrollment_id}/reject": {"/body/reasons/": "not blank"},
    "PUT /admin/providers/{provider_id}/services/{service_id}/verify": {
        "/body/licence_number": "needed where it is approved, and not blank",
        "/body/licence_expires_on": "needed where it is approved, and not over",
    },
    "GET /services/catalog": {"/query/cursor": "where a page ends"},
    "GET /services/catalog/full": {"/query/cursor": "where a page ends"},
    "PUT /services/catalog/{category_id}": {"/body/name": "not blank"},
    "PUT /services/services/{service_id}": {
        "/body/name": "not blank",
        "/body/price": "the least not above the most",
        "/body/duration_minutes": "the least not above the most",
        "/body/places": "each once",
        "/body/specializations/": "phrases are not blank",
    },
    "GET /providers/{provider_id}/slots": {
        "/query/service_id": "one that the provider offers and may do",
        "/query/from": "at most 90 days ahead",
        "/query/to": "not before the first day, at most 30 later, at most 90 days ahead",
    },
    "POST /requests": {
        "/body/service_id": "one of the catalog",
        "/body/city": "not blank",
        "/body/zone": "an IANA zone; needed where the city is not known",
        "/body/window": "begins before it ends, is not over, within two years",
        "/body/budget": "at least one amount, the least not above the most",
        "/body/specializations/": "phrases are not blank",
    },
    "GET /providers": {
        "/query/category_id": "one of the catalog",
        "/query/service_id": "one of the catalog",
        "/query/lat": "with lng",
        "/query/lng": "with lat",
        "/query/radius_km": "with lat and lng",
        "/query/sort": "by distance with lat and lng only",
    },
    "POST /providers": {
        **BUSINESS,
        "/body/services": "as each service by itself, and each once",
        "/body/availability": "as the calendar by itself, in the zone of the business",
    },
    "PUT /providers/{provider_id}/availability": {
        "/body/weekly/": "the end after the start, no overlap",
        "/body/exceptions/": "each date once; the end after the start, no overlap",
    },
    "POST /providers/{provider_id}/portfolio": {"/body/service_id": "one of the catalog"},
    "PATCH /providers/{provider_id}/portfolio/{item_id}": {"/body/service_id": "one of the catalog"},
    "PUT /providers/{provider_id}": BUSINESS,
    "PATCH /providers/{provider_id}": BUSINESS,
    "PATCH /providers/{provider_id}/profile": BUSINESS,
    "POST /providers/{provider_id}/services": SERVICE,
    "PATCH /providers/{provider_id}/services/{service_id}": SERVICE,
    "POST /providers/{provider_id}/templates": TEMPLATE,
    "PATCH /providers/{provider_id}/templates/{template_id}": TEMPLATE,
    "PATCH /requests/{request_id}": {
        "/body/service_id": "one of the catalog",
        "/body/city": "not blank",
        "/body/zone": "an IANA zone; needed where the city is not known",
        "/body/window": "begins before it ends, is not over, within two years",
        "/body/budget": "at least one amount, the least not above the most",
        "/body/specializations/": "phrases are not blank",
    },
    "PUT /reviews/{review_id}/response": {"/body/text": "not blank"},
    "PUT /consumers/me/profile": CONSUMER,
    "PUT /consumers/{user_id}/profile": CONSUMER,
    "PATCH /consumers/me/location": {"/body/city": "not blank", "/body/zone": "an IANA zone"},
    "PATCH /consumers/{user_id}/location": {"/body/city": "not blank", "/body/zone": "an IANA zone"},
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
schemathesis.openapi.format(
    "iana-zone", strategies.sampled_from(["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Berlin", "UTC"])
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
