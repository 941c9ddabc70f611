"""Who calls: as each role, with tokens that are good for as long as a run takes."""

import functools
import os
import subprocess
import threading
import uuid

import requests

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


def sql(statement):
    """Does what no call can."""
    command = [os.environ["PROXIE_PSQL"], "-qX", "-v", "ON_ERROR_STOP=1", os.environ["DATABASE_URL"], "-c", statement]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def signed(subject, role):
    """A token of a user of our own. One that signing in makes is good for a quarter of an hour only."""
    command = [os.environ["PROXIE_API"], "token", "--sub", subject, "--role", role, "--ttl-seconds", "86400"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def made_up(role):
    """The token of somebody who has never called."""
    return call("POST", "/auth/guest")["access_token"] if role == "guest" else signed(str(uuid.uuid4()), role)


@functools.cache
def operator():
    return made_up("admin")


def account():
    """The token of somebody with the role and a password."""
    body = {"email": f"{uuid.uuid4()}@example.com", "password": PASSWORD}
    user = call("POST", "/auth/register", body=body)["user"]["id"]
    if ROLE != "consumer":
        call("PUT", f"/admin/users/{user}/role", operator(), {"role": ROLE})
    return signed(user, ROLE)


def sign_in(email):
    return call("POST", "/auth/login", body={"email": email, "password": PASSWORD})


# Made before the first call, as one thread only is here yet.
SPARE = f"{uuid.uuid4()}@example.com"
call("POST", "/auth/register", body={"email": SPARE, "password": PASSWORD})
TOKEN = made_up("guest") if ROLE == "guest" else account()
# Has no business, whatever becomes of the other.
APPLICANT = TOKEN if ROLE == "guest" else account()
