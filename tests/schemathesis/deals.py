"""What is agreed upon: made by two others, then given to the caller. Guests have nothing of the kind."""

import datetime
import functools
import itertools
import uuid

from callers import call, made_up, sql
from things import business, for_account, handed_in, kept, me, nobodys

# Open at all hours, in a town of its own: what is asked for there becomes a lead of this business and of no other.
TOWN = f"Town {uuid.uuid4()}"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CRAFT = {
    "business_name": "Beards & Co", "city": TOWN, "zone": "UTC", "services": [{"service_id": "beard_trim"}],
    "availability": {
        "zone": "UTC", "notice_minutes": 0, "weekly": {day: [{"start": "00:00", "end": "24:00"}] for day in DAYS},
    },
}

# Who asks for things and who offers them, so that the caller has something to answer.
ASKER = made_up("consumer")
SELLER, enrollment = handed_in(CRAFT)
BUSINESS = enrollment["provider_id"]


def asked():
    """A request of somebody's, where nobody makes an offer by themselves."""
    body = {"service_id": "beard_trim", "place": "provider", "city": TOWN, "zone": "UTC", "allow_duplicate": True}
    return call("POST", "/requests", ASKER, body)


def given(request):
    """Makes a request, and what hangs on it, the caller's: ten live ones of one's own are the most that one can post."""
    sql(
        f"UPDATE requests SET user_id = '{me()}' WHERE id = '{request}';"
        f"UPDATE bookings SET user_id = '{me()}' WHERE request_id = '{request}';"
        f"UPDATE tasks SET user_id = '{me()}' WHERE request_id = '{request}' AND kind = 'matching'"
    )


@for_account
def posted():
    """A request of the caller's."""
    made = asked()["id"]
    given(made)
    return made


@functools.cache
def request():
    """One that stays."""
    return posted()


@for_account
def long_matched():
    """One that may be matched again: ten minutes have gone by."""
    made = posted()
    sql(f"UPDATE tasks SET created_at = created_at - interval '10 minutes' WHERE request_id = '{made}'")
    return made


def routed():
    """A request that was routed to the seller, and only there."""
    made = asked()
    call("GET", f"/chat/status/{made['task_id']}?wait=30", ASKER)
    return made["id"]


@for_account
def lead():
    """One of the caller's."""
    made = routed()
    given(made)
    return made


@functools.cache
def kept_lead():
    """One that stays."""
    return lead()


# Each quarter of an hour is named once, so that nothing is ever in the way of anything.
quarters = itertools.count()
START = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
# The slot of what was made or proposed last.
latest = {}


def day(days):
    return (START + datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def free_slot():
    at = START + datetime.timedelta(days=2, minutes=15 * (next(quarters) % (4 * 24 * 80)))
    return {"date": at.strftime("%Y-%m-%d"), "start_time": at.strftime("%H:%M")}


def latest_slot():
    """Nothing was made for guests."""
    return latest.get("slot") or free_slot()


def offer():
    """An offer of the seller's: its id, and the request's."""
    asked_for, latest["slot"] = routed(), free_slot()
    body = {
        "request_id": asked_for, "service_id": "beard_trim", "price_cents": 2500, "currency": "USD",
        "duration_minutes": 15, "slots": [latest["slot"]],
    }
    return call("POST", "/offers", SELLER, body)["id"], asked_for


def booking():
    """A booking of the asker and the seller: its id, the offer's and the request's."""
    made, asked_for = offer()
    return call("PUT", f"/offers/{made}/accept", ASKER, {"slot": latest["slot"]})["id"], made, asked_for


@for_account
def offered():
    """An offer for a request of the caller's."""
    made, asked_for = offer()
    given(asked_for)
    return made


@for_account
def offered_for():
    """A request of the caller's that has an offer."""
    _, asked_for = offer()
    given(asked_for)
    return asked_for


@for_account
def booked():
    """A booking of the caller's."""
    made, _, asked_for = booking()
    given(asked_for)
    return made


@for_account
def proposed():
    """A booking of the caller's for which the provider proposes another slot."""
    made, _, asked_for = booking()
    latest["slot"] = free_slot()
    call("PUT", f"/bookings/{made}/reschedule", SELLER, {"slot": latest["slot"]})
    given(asked_for)
    return made


# These moves have no body: all calls are the same, and the same again is answered the same.
kept_offer, kept_request, kept_booking = functools.cache(offered), functools.cache(offered_for), functools.cache(booked)
kept_proposal = functools.cache(proposed)


@functools.cache
@for_account
def own_offer():
    """One that the caller's business made."""
    made, _ = offer()
    sql(f"UPDATE offers SET provider_id = '{business()}' WHERE id = '{made}'")
    return made


# Hours since the start of what has begun: two days after its end it would be completed by itself.
hours_ago = itertools.count(2, 2)


def begun():
    """A booking whose work the caller's business does, and whose start is over."""
    made, accepted, _ = booking()
    start = f"now() - interval '{next(hours_ago)} hours'"
    sql(
        f"UPDATE offers SET provider_id = '{business()}' WHERE id = '{accepted}';"
        f"UPDATE bookings SET provider_id = '{business()}', start_at = {start}, end_at = {start} + interval '1 hour'"
        f" WHERE id = '{made}'"
    )
    return made


to_complete, to_report = functools.cache(for_account(begun)), functools.cache(for_account(begun))


def done():
    """A booking of the asker and the seller that is done: its id and the request's."""
    made, _, asked_for = booking()
    sql(
        f"UPDATE bookings SET start_at = now() - interval '1 day', end_at = now() - interval '23 hours'"
        f" WHERE id = '{made}'"
    )
    call("PUT", f"/bookings/{made}/complete", SELLER)
    return made, asked_for


@for_account
def to_review():
    """One that the caller has not said anything of yet."""
    made, asked_for = done()
    given(asked_for)
    return made


@for_account
def reviewed():
    """What the asker says of the caller's business."""
    made, _ = done()
    review = call("POST", "/reviews", ASKER, {"booking_id": made, "rating": 5})["id"]
    sql(f"UPDATE reviews SET provider_id = '{business()}' WHERE id = '{review}'")
    return review


@functools.cache
def notification():
    """Something that the caller was told. Guests are told nothing yet."""
    made = nobodys()
    sql(
        f"INSERT INTO notifications (id, user_id, kind) SELECT '{made}', user_id, 'no_match' FROM chat_sessions"
        f" WHERE id = '{kept()['session_id']}'"
    )
    return made


notification()
