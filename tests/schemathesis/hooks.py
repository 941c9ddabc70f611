"""What schemathesis cannot guess: who calls, and ids, tokens and passwords that are the caller's own.

`PROXIE_URL` is the API, `PROXIE_ROLE` who calls, `PROXIE_TALLY` the file of what was answered, `PROXIE_API` the program that
makes tokens, `PROXIE_SVIX_SECRET` what Clerk's events are signed with, in Base64. `PROXIE_PSQL` does to `DATABASE_URL` what
only time does, and gives to the caller what others made.
"""

import atexit
import base64
import collections
import datetime
import hashlib
import hmac
import json
import os
import threading
import time
import uuid

import schemathesis
from hypothesis import strategies
from schemathesis.generation.meta import TestPhase

import deals
import things
from callers import APPLICANT, PASSWORD, ROLE, SPARE, TOKEN, made_up, sign_in
from rules import RULES

# Only who makes offers has leads: the caller is the one whom nothing happens to.
OF_SELLERS = {
    "GET /providers/leads",
    "PUT /requests/{request_id}/view",
    "PUT /requests/{request_id}/pass",
    "POST /requests/{request_id}/suggest-offer",
    "POST /offers",
}

# Those end the caller, or the little that a caller may have.
FOR_ONCE = {"DELETE /auth/me", "POST /requests", "POST /media", "POST /providers"}
# Who made what: what follows from it in the stateful phase is theirs to do.
makers = {}


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Everything is called with a good token."""

    def get(self, case, context):
        if "/enrollment" in case.operation.label:
            return APPLICANT
        if ROLE == "provider" and case.operation.label in OF_SELLERS:
            return deals.SELLER
        return made_up(ROLE) if case.operation.label in FOR_ONCE else TOKEN

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


# --- what is the caller's own -------------------------------------------------------------------------------------


def own_path(own):
    """The parameters of a path: of one name, or what makes all of them."""
    return own() if callable(own) else {own[0]: own[1]()}


PATHS = {
    "GET /requests/{request_id}": ("request_id", deals.request),
    "GET /requests/{request_id}/matches": ("request_id", deals.request),
    "PATCH /requests/{request_id}": ("request_id", deals.posted),
    "POST /requests/{request_id}/match": ("request_id", deals.long_matched),
    "POST /requests/{request_id}/cancel": ("request_id", deals.posted),
    "GET /requests/{request_id}/offers": ("request_id", deals.kept_request),
    "PUT /requests/{request_id}/view": ("request_id", deals.kept_lead),
    "PUT /requests/{request_id}/pass": ("request_id", deals.lead),
    "POST /requests/{request_id}/suggest-offer": ("request_id", deals.kept_lead),
    "GET /offers/{offer_id}": ("offer_id", deals.kept_offer),
    "PUT /offers/{offer_id}/withdraw": ("offer_id", deals.own_offer),
    "PUT /offers/{offer_id}/decline": ("offer_id", deals.offered),
    "PUT /offers/{offer_id}/accept": ("offer_id", deals.offered),
    "GET /bookings/{booking_id}": ("booking_id", deals.kept_booking),
    "PUT /bookings/{booking_id}/cancel": ("booking_id", deals.booked),
    "PUT /bookings/{booking_id}/reschedule": ("booking_id", deals.booked),
    "PUT /bookings/{booking_id}/reschedule/accept": ("booking_id", deals.proposed),
    "PUT /bookings/{booking_id}/reschedule/decline": ("booking_id", deals.kept_proposal),
    "PUT /bookings/{booking_id}/complete": ("booking_id", deals.to_complete),
    "PUT /bookings/{booking_id}/no_show": ("booking_id", deals.to_report),
    "PUT /notifications/{notification_id}/read": ("notification_id", deals.notification),
    "GET /consumers/{user_id}/profile": ("user_id", things.me),
    "PUT /consumers/{user_id}/profile": ("user_id", things.me),
    "PATCH /consumers/{user_id}/location": ("user_id", things.me),
    "GET /consumers/{user_id}/requests": ("user_id", things.me),
    "PUT /admin/providers/{provider_id}/services/{service_id}/verify": things.licence,
    "PUT /admin/providers/{provider_id}/status": things.provider,
    "GET /chat/status/{task_id}": ("task_id", lambda: things.kept()["task_id"]),
    "GET /chat/stream/{task_id}": ("task_id", lambda: things.kept()["task_id"]),
    "POST /chat/cancel/{task_id}": ("task_id", lambda: things.said()["task_id"]),
    "POST /chat/retry/{task_id}": ("task_id", things.cancelled),
    "GET /chat/sessions/{session_id}": ("session_id", lambda: things.kept()["session_id"]),
    "DELETE /chat/sessions/{session_id}": ("session_id", things.session),
    "GET /enrollment/{enrollment_id}": ("enrollment_id", things.draft),
    "PATCH /enrollment/{enrollment_id}": ("enrollment_id", things.draft),
    "DELETE /enrollment/{enrollment_id}": ("enrollment_id", things.draft),
    "POST /enrollment/{enrollment_id}/submit": ("enrollment_id", things.filled_in),
    "POST /enrollment/{enrollment_id}/approve": ("enrollment_id", things.waiting),
    "POST /enrollment/{enrollment_id}/reject": ("enrollment_id", things.waiting),
    "GET /admin/tasks/{task_id}": ("task_id", lambda: things.kept()["task_id"]),
    "POST /admin/tasks/{task_id}/retry": ("task_id", things.cancelled),
    "POST /admin/tasks/{task_id}/cancel": ("task_id", lambda: things.said()["task_id"]),
    "GET /media/{media_id}": ("media_id", things.kept_picture),
    "DELETE /media/{media_id}": ("media_id", lambda: things.uploaded()["id"]),
    "GET /media/{media_id}/{file}": things.picture_file,
    "PUT /admin/users/{user_id}/status": ("user_id", things.user),
    "PUT /admin/users/{user_id}/role": ("user_id", things.user),
    "GET /services/catalog/{category_id}": ("category_id", lambda: "hair_beauty"),
    "PUT /services/catalog/{category_id}": ("category_id", things.category),
    "DELETE /services/catalog/{category_id}": ("category_id", things.category),
    "GET /services/services/{service_id}": ("service_id", lambda: "haircut"),
    "PUT /services/services/{service_id}": ("service_id", lambda: things.slug("service")),
    "DELETE /services/services/{service_id}": ("service_id", things.service),
    "GET /providers/{provider_id}": ("provider_id", things.business),
    "PUT /providers/{provider_id}": ("provider_id", things.business),
    "PATCH /providers/{provider_id}": ("provider_id", things.business),
    "GET /providers/{provider_id}/profile": ("provider_id", things.business),
    "PATCH /providers/{provider_id}/profile": ("provider_id", things.business),
    "GET /providers/{provider_id}/services": ("provider_id", things.business),
    "POST /providers/{provider_id}/services": ("provider_id", things.business),
    "PATCH /providers/{provider_id}/services/{service_id}": things.part_of_business("service_id", lambda: "haircut"),
    "DELETE /providers/{provider_id}/services/{service_id}": things.part_of_business("service_id", things.spare_service),
    "GET /providers/{provider_id}/templates": ("provider_id", things.business),
    "POST /providers/{provider_id}/templates": ("provider_id", things.business),
    "PATCH /providers/{provider_id}/templates/{template_id}": things.part_of_business("template_id", things.template),
    "DELETE /providers/{provider_id}/templates/{template_id}": things.part_of_business("template_id", things.template),
    "GET /providers/{provider_id}/portfolio": ("provider_id", things.business),
    "POST /providers/{provider_id}/portfolio": ("provider_id", things.business),
    "PATCH /providers/{provider_id}/portfolio/{item_id}": things.part_of_business("item_id", things.portfolio_item),
    "DELETE /providers/{provider_id}/portfolio/{item_id}": things.part_of_business("item_id", things.portfolio_item),
    "GET /providers/{provider_id}/availability": ("provider_id", things.business),
    "PUT /providers/{provider_id}/availability": ("provider_id", things.business),
    "GET /providers/{provider_id}/settings": ("provider_id", things.business),
    "PUT /providers/{provider_id}/settings": ("provider_id", things.business),
    "PUT /providers/{provider_id}/status": ("provider_id", things.business),
    "GET /providers/{provider_id}/stats": ("provider_id", things.business),
    "GET /providers/{provider_id}/slots": ("provider_id", lambda: deals.BUSINESS),
    "GET /reviews/provider/{provider_id}": ("provider_id", things.business),
    "PUT /reviews/{review_id}/response": ("review_id", deals.reviewed),
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
    "POST /chat": {"session_id": lambda: things.kept()["session_id"]},
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
    "POST /offers": {
        "request_id": deals.lead,
        "service_id": lambda: "beard_trim",
        "currency": lambda: "USD",
        "slots": lambda: [deals.free_slot()],
    },
    "PUT /offers/{offer_id}/accept": {"slot": deals.latest_slot},
    "PUT /bookings/{booking_id}/reschedule": {"slot": deals.free_slot},
    "POST /reviews": {"booking_id": deals.to_review},
    "PUT /bookings/{booking_id}/reschedule/accept": {"slot": deals.latest_slot},
    "PUT /consumers/me/profile": {"zone": lambda: "America/New_York"},
    "PUT /consumers/{user_id}/profile": {"zone": lambda: "America/New_York"},
    "PATCH /consumers/me/location": {"zone": lambda: "America/New_York"},
    "PATCH /consumers/{user_id}/location": {"zone": lambda: "America/New_York"},
    "POST /providers": {
        "city": lambda: "Brooklyn",
        "zone": lambda: "America/New_York",
        "services": things.services,
        "availability": lambda: {"zone": "America/New_York", "weekly": {}},
    },
    "POST /providers/{provider_id}/portfolio": {"media_id": things.new_picture, "service_id": lambda: "haircut"},
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
# The same of a query.
QUERIES = {
    "GET /providers/{provider_id}/slots": {
        "service_id": lambda: "beard_trim",
        "from": lambda: deals.day(1),
        "to": lambda: deals.day(3),
    },
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
    if case.meta is None:
        return
    # What follows from earlier answers has its ids from there.
    if case.meta.phase.name == TestPhase.STATEFUL:
        maker = next((makers[own] for own in case.path_parameters.values() if own in makers), None)
        # A token that is bad on purpose stays bad.
        if maker and case.headers.get("Authorization") == f"Bearer {TOKEN}":
            case.headers["Authorization"] = maker
        return
    # What is wrong on purpose stays wrong.
    if not case.meta.generation.mode.is_positive:
        return
    name = case.operation.label
    if name == "POST /webhooks/clerk":
        kwargs["auth"] = sign
    if name in PATHS:
        case.path_parameters = own_path(PATHS[name])
    if name in QUERIES and case.query:
        case.query.update({field: own() for field, own in QUERIES[name].items() if field in case.query})
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


@schemathesis.check
def refused_by_written_rules_only(ctx, response, case):
    """What fits its schema is refused for a rule that is written down, or for a NUL, which PostgreSQL does not keep."""
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    rules = tuple(RULES.get(case.operation.label, ()))
    problems = [problem for problem in response.json().get("errors", ()) if "NUL" not in problem["message"]]
    unwritten = [problem for problem in problems if not problem["pointer"].startswith(rules)]
    assert not unwritten, f"{case.operation.label} refuses what fits its schema: {unwritten}"


# The one binary thing that is sent is a file, and only a picture or a film is one.
schemathesis.openapi.format("binary", strategies.just(things.picture()))
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
        if response.status_code == 201 and case.operation.label in FOR_ONCE:
            makers[response.json()["id"]] = response.request.headers["Authorization"]


@atexit.register
def write_tally():
    tally = collections.defaultdict(dict)
    for (operation, status), count in sorted(answers.items()):
        tally[operation][status] = count
    with open(os.environ["PROXIE_TALLY"], "w", encoding="utf-8") as file:
        json.dump(tally, file, indent=1)
