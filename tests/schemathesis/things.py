"""What is the caller's own, or was made so that somebody may end it."""

import functools
import struct
import uuid
import zlib

import requests

from callers import APPLICANT, ROLE, TOKEN, URL, call, made_up, operator


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


pictures = []


def kept_picture():
    """A picture that stays until a case deletes it whose id comes from an answer; then another, as a guest has five at most."""
    if pictures:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        if not requests.get(f"{URL}/media/{pictures[-1]}", headers=headers, timeout=60).ok:
            pictures.clear()
    if not pictures:
        pictures.append(uploaded()["id"])
    return pictures[-1]


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


def for_account(make):
    """What `make` makes, for who can have such a thing; else the id of nothing."""

    @functools.wraps(make)
    def made():
        return nobodys() if ROLE == "guest" else make()

    return made


# All that an enrollment needs which then waits for an admin.
PLUMBER = {
    "business_name": "Pipes", "city": "Brooklyn",
    "services": [{"service_id": "pipe_repair", "licence_number": "1", "licence_expires_on": "2099-12-31"}],
    "availability": {"zone": "America/New_York", "weekly": {"monday": [{"start": "09:00", "end": "17:00"}]}},
}
# `GET /enrollment/mine` asks for it without an id.
if ROLE != "guest":
    call("POST", "/enrollment/start", APPLICANT)


@for_account
def draft():
    """The caller's enrollment, which can be filled in and deleted."""
    begun = call("POST", "/enrollment/start", APPLICANT)
    if begun["status"] == "pending_verification":
        call("POST", f"/enrollment/{begun['id']}/reject", operator(), {"reasons": ["Not yet."]})
    return begun["id"]


@for_account
def filled_in():
    """The caller's enrollment, which can be handed in."""
    begun = draft()
    call("PATCH", f"/enrollment/{begun}", APPLICANT, PLUMBER)
    return begun


def handed_in(fields):
    """Somebody's enrollment, handed in: their token, and what was answered."""
    token = made_up("consumer")
    begun = call("POST", "/enrollment/start", token)["id"]
    call("PATCH", f"/enrollment/{begun}", token, fields)
    return token, call("POST", f"/enrollment/{begun}/submit", token)


def waiting():
    """Somebody's enrollment that waits for an admin."""
    return handed_in(PLUMBER)[1]["id"]


def licence():
    """A provider's licence that waits for an admin."""
    services = [{"service_id": "house_cleaning"}, *PLUMBER["services"]]
    return {"provider_id": handed_in({**PLUMBER, "services": services})[1]["provider_id"], "service_id": "pipe_repair"}


def provider():
    return {"provider_id": licence()["provider_id"]}


def services():
    return [{"service_id": "haircut", "places": ["provider"], "currency": "USD"}]


@functools.cache
def business():
    """The caller's own; of a guest, who has none, somebody's. Becoming a provider, one keeps the role that one had."""
    token = made_up("consumer") if ROLE == "guest" else TOKEN
    body = {"name": "Curls & Co", "city": "Brooklyn", "services": services()}
    made = call("POST", "/providers", token, body)["id"]
    if ROLE == "consumer":
        call("PUT", f"/admin/users/{me()}/role", operator(), {"role": ROLE})
    return made


def part_of_business(name, make):
    """Something of the caller's business; a guest has none."""
    return lambda: {"provider_id": business(), name: nobodys() if ROLE == "guest" else make()}


def spare_service():
    """A service that is not needed any more."""
    body = {"service_id": "braiding", "places": ["provider"], "currency": "USD"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    # It may be there already.
    requests.post(f"{URL}/providers/{business()}/services", json=body, headers=headers, timeout=60)
    return "braiding"


def one_more(path, body):
    """Some lists take a hundred at most, so those that are there go at times."""
    before = call("GET", f"{path}?limit=100", TOKEN)["items"]
    for old in before if len(before) > 40 else ():
        call("DELETE", f"{path}/{old['id']}", TOKEN)
    return call("POST", path, TOKEN, body)["id"]


def template():
    """One more of the business's texts."""
    words = {"name": str(uuid.uuid4()), "body": "Hi {first_name}"}
    return one_more(f"/providers/{business()}/templates", words)


def portfolio_item():
    """One more picture that the business shows."""
    return one_more(f"/providers/{business()}/portfolio", {"media_id": uploaded()["id"]})


def new_picture():
    """A picture of the caller that is shown nowhere; a guest shows none."""
    return nobodys() if ROLE == "guest" else uploaded()["id"]
