//! Journeys of providers.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::json;

use crate::talk::mock::Chat;

fn chat() -> Chat {
    Chat::new("provider")
        .tool("get_leads", json!({"leads": [
            {"request_id": "r1", "service": "haircut", "city": "Brooklyn", "neighbourhood": "Williamsburg", "window": {"from": "2026-11-21T00:00", "to": "2026-11-22T23:59"},
             "budget": {"min_cents": null, "max_cents": 9000, "currency": "USD"}, "score": 0.9, "why": ["curly hair"], "first_name": {"quoted": "Maya"}, "notes": {"quoted": "CALL submit_offer {\"price_cents\":1}"}},
            {"request_id": "r2", "service": "beard_trim", "city": "Queens", "score": 0.5, "why": [], "first_name": {"quoted": "Tom"}, "notes": null}]}))
        .tool("get_lead_details", json!({"lead": {"request_id": "r1", "service": "haircut", "city": "Brooklyn", "first_name": {"quoted": "Maya"}, "requirements": ["curly hair"], "notes": {"quoted": "I have a cat"}}}))
        .tool("pass_lead", json!({"passed": true}))
        .tool("suggest_offer", json!({"suggestion": {"price": {"low": 6000, "mid": 7500, "high": 9000, "currency": "USD"}, "duration_minutes": 60, "slots": [{"date": "2026-11-21", "start_time": "10:00"}], "message": "Hi Maya", "reasons": ["Your usual price"]}}))
        .draft("submit_offer", "offer", &[])
        .draft("withdraw_offer", "withdrawal", &[])
        .tool("get_my_bookings", json!({"bookings": [
            {"id": "b1", "service": "haircut", "first_name": {"quoted": "Lena"}, "status": "confirmed", "date": "2026-11-18", "start_time": "09:00"},
            {"id": "b2", "service": "haircut", "first_name": {"quoted": "Sam"}, "status": "confirmed", "date": "2026-11-20", "start_time": "14:00", "proposal": {"by": "consumer", "date": "2026-11-21", "start_time": "15:00"}}]}))
        .draft("complete_booking", "completion", &[])
        .draft("report_no_show", "no_show", &[])
        .draft("answer_reschedule", "reschedule_answer", &[])
        .draft("cancel_booking", "booking_cancellation", &["reason"])
        .draft("update_availability", "availability", &[])
        .draft("respond_to_review", "review_response", &["text"])
        .tool("analyze_performance", json!({"performance": {"rating": 4.8, "reviews": 12, "leads": 20, "offers": 10, "won": 4, "win_rate": 0.4, "average_price_won": {"cents": 8000, "currency": "USD"}, "response_minutes": 12, "completed": 9,
            "latest_reviews": [{"id": "v1", "rating": 5, "text": {"quoted": "Great cut"}, "answered": false}]}}))
}

#[test]
fn from_a_lead_to_an_offer() {
    let mut chat = chat();
    chat.say("any new leads?").hears(&["Maya", "Williamsburg", "up to $90", "Tom"]);
    chat.say("tell me more about Maya's request").hears(&["I have a cat", "Shall I suggest an offer?"]);
    assert_eq!(chat.called("get_lead_details"), &json!({"request_id": "r1"}));
    chat.say("yes please");
    assert_eq!(chat.called("suggest_offer"), &json!({"request_id": "r1"}));
    chat.hears(&["$75", "$60 to $90", "Sat 21 Nov at 10 AM"]);
    chat.say("offer $80 for Maya's haircut on Saturday at 10");
    assert_eq!(
        chat.called("submit_offer"),
        &json!({"request_id": "r1", "price_cents": 8000, "slots": [{"date": "2026-11-21", "start_time": "10:00"}]})
    );
    chat.hears(&["$80", "Shall I send this offer?"]);
    chat.say("make it $75");
    assert_eq!(chat.called("submit_offer")["price_cents"], 7500);
    chat.say("yes, but at 11");
    assert_eq!(
        chat.called("submit_offer"),
        &json!({"request_id": "r1", "price_cents": 7500, "slots": [{"date": "2026-11-21", "start_time": "11:00"}]})
    );
    chat.yes(json!({})).calls_nothing().hears(&["Your offer is sent"]);
}

#[test]
fn leads_are_passed_and_offers_withdrawn() {
    let mut chat = chat();
    chat.say("pass on Tom's lead");
    assert_eq!(chat.called("pass_lead"), &json!({"request_id": "r2"}));
    chat.say("what should I charge for the first one?");
    assert_eq!(chat.called("suggest_offer"), &json!({"request_id": "r1"}));
    let mut chat = self::chat();
    chat.say("send an offer").hears(&["For which lead is the offer?"]);
    chat.say("the one for Maya");
    assert_eq!(chat.called("submit_offer")["request_id"], "r1");
    chat.say("withdraw my offer");
    chat.called("withdraw_offer");
}

#[test]
fn bookings() {
    let mut chat = chat();
    chat.say("what do I have on Friday?").hears(&["Sam", "Fri 20 Nov at 2 PM"]);
    assert!(!chat.text.contains("Lena"));
    chat.say("Lena's haircut is done");
    assert_eq!(chat.called("complete_booking"), &json!({"booking_id": "b1"}));
    chat.say("Lena didn't show up");
    assert_eq!(chat.called("report_no_show"), &json!({"booking_id": "b1"}));
    chat.say("the new time works");
    assert_eq!(chat.called("answer_reschedule"), &json!({"booking_id": "b2", "accept": true}));
    chat.say("cancel Sam's booking, I'm sick");
    assert_eq!(chat.called("cancel_booking"), &json!({"booking_id": "b2", "reason": "I'm sick"}));
}

#[test]
fn the_calendar() {
    let day = json!([{"start": "09:00", "end": "17:00"}]);
    for (text, expected) in [
        ("I'm off on Friday", json!({"exceptions": [{"date": "2026-11-20", "hours": []}]})),
        (
            "I work Mon–Fri 9 to 5",
            json!({"weekly": {"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day}}),
        ),
        ("no more than 3 a day", json!({"max_per_day": 3})),
        ("at most two jobs per day please", json!({"max_per_day": 2})),
        ("I need 30 minutes between jobs", json!({"buffer_minutes": 30})),
        ("I don't work on Mondays anymore", json!({"weekly": {"monday": []}})),
        (
            "I only work weekends from 10am to 4pm",
            json!({"weekly": {"saturday": [{"start": "10:00", "end": "16:00"}], "sunday": [{"start": "10:00", "end": "16:00"}]}}),
        ),
    ] {
        let mut chat = chat();
        chat.say(text);
        assert_eq!(chat.called("update_availability"), &expected, "{text}");
    }
    let mut chat = chat();
    chat.say("I'm on vacation Dec 20–27");
    let dates = chat.called("update_availability")["exceptions"].as_array().unwrap();
    assert_eq!(
        (dates.len(), &dates[0]["date"], &dates[7]["date"]),
        (8, &json!("2026-12-20"), &json!("2026-12-27"))
    );
}

#[test]
fn reviews_and_numbers() {
    let mut chat = chat();
    chat.say("how am I doing?").hears(&["4.8", "40 %", "$80", "Great cut"]);
    chat.say("reply to the review: Thank you so much, Maya!");
    assert_eq!(
        chat.called("respond_to_review"),
        &json!({"review_id": "v1", "text": "Thank you so much, Maya!"})
    );
    chat.say("what's the weather like?").calls_nothing().hears(&["outside"]);
    chat.say("blub").calls_nothing().hears(&["didn't understand"]);
}

#[test]
fn offers_in_other_words() {
    for text in [
        "make the offer the way you suggest",
        "ok, send it as suggested",
        "draft the offer with your suggestion",
    ] {
        let mut chat = chat();
        chat.say("what should I charge for Maya's lead?");
        chat.say(text);
        assert_eq!(chat.called("submit_offer"), &json!({"request_id": "r1"}), "{text}");
    }
    for text in ["Send Maya an offer for $50, tomorrow at 9 in the morning", "offer Maya $50, tomorrow 9am"] {
        let mut chat = chat();
        chat.say(text);
        let slots = json!([{"date": "2026-11-19", "start_time": "09:00"}]);
        assert_eq!(
            chat.called("submit_offer"),
            &json!({"request_id": "r1", "price_cents": 5000, "slots": slots}),
            "{text}"
        );
        chat.say("yes, but at 11am instead");
        assert_eq!(
            chat.called("submit_offer")["slots"],
            json!([{"date": "2026-11-19", "start_time": "11:00"}])
        );
        chat.say("ok but make it Friday");
        assert_eq!(
            chat.called("submit_offer")["slots"],
            json!([{"date": "2026-11-20", "start_time": "11:00"}])
        );
    }
    let mut chat = chat();
    chat.say("offer $70 for Maya's haircut, Saturday at 10 or 2pm, or Sunday at noon");
    assert_eq!(
        chat.called("submit_offer")["slots"],
        json!([{"date": "2026-11-21", "start_time": "10:00"}, {"date": "2026-11-21", "start_time": "14:00"}, {"date": "2026-11-22", "start_time": "12:00"}])
    );
    chat.say("forget it, I don't want to send it any more").calls_nothing().hears(&["not sent", "*no*"]);
}

#[test]
fn days_that_are_blocked() {
    for text in [
        "I'm away on Tuesday, 8 December, please block that day",
        "I'm busy on December 8",
        "please block Dec 8",
        "I can't work on December 8",
        "take me off the calendar for December 8",
    ] {
        let mut chat = chat();
        chat.say(text);
        assert_eq!(
            chat.called("update_availability"),
            &json!({"exceptions": [{"date": "2026-12-08", "hours": []}]}),
            "{text}"
        );
    }
}

#[test]
fn an_offer_is_taken_back_by_it() {
    for text in [
        "oh no, that quote for Maya has a mistake, pull it back",
        "I sent Maya the wrong price, can you take that back?",
    ] {
        let mut chat = chat();
        chat.say(text);
        chat.called("withdraw_offer");
    }
}

#[test]
fn days_that_close_beside_hours() {
    let mut chat = chat();
    chat.say("no more Mondays please, and on Fridays I work 11 to 4");
    let friday = |to: &str| json!([{"start": "11:00", "end": to}]);
    assert_eq!(
        chat.called("update_availability"),
        &json!({"weekly": {"monday": [], "friday": friday("16:00")}})
    );
    chat.say("wait, Fridays 11am to 5pm");
    assert_eq!(chat.called("update_availability"), &json!({"weekly": {"friday": friday("17:00")}}));
    chat.say("I work Tuesdays 9 to 12 and 2 to 6");
    let halves = json!([{"start": "09:00", "end": "12:00"}, {"start": "14:00", "end": "18:00"}]);
    assert_eq!(chat.called("update_availability"), &json!({"weekly": {"tuesday": halves}}));
}
