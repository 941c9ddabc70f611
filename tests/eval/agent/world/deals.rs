//! Offers, bookings, reviews: what people make of requests.

use proxie_tests::Result;
use serde_json::{Value, json};

use super::{Kind, World, text};
use crate::agent::caller::Caller;
use crate::agent::conversation::{Bid, Deal, Opinion, Proposal, Role, Side};

impl World<'_> {
    pub(super) async fn offers(&mut self, bid: &Bid) -> Result<()> {
        let provider = self.provider(&bid.from)?.clone();
        let request = self.thing(Kind::Request, &bid.on).await?;
        let service = match &bid.service_id {
            Some(service) => service.clone(),
            None => text(&request.owner.get(&format!("/requests/{}", request.id)).await?, "service_id")?,
        };
        let duration = match bid.duration_minutes {
            Some(duration) => duration.into(),
            None => self.duration(&provider.id, &service).await?,
        };
        let mut body = json!({
            "request_id": request.id, "service_id": service, "price_cents": bid.price_cents, "currency": "USD",
            "duration_minutes": duration, "slots": bid.slots, "message": bid.message.as_deref().unwrap_or("I can do that."),
        });
        if let Some(notes) = &bid.price_notes {
            body["price_notes"] = notes.as_str().into();
        }
        if let Some(hours) = bid.expires_in_hours {
            body["expires_in_hours"] = hours.into();
        }
        let made = provider.owner.post("/offers", body).await?;
        self.keep(bid.name.as_ref(), Kind::Offer, text(&made, "id")?, &provider.owner);
        Ok(())
    }

    /// How long a provider takes for a service.
    async fn duration(&self, provider: &str, service: &str) -> Result<Value> {
        let day = "SELECT (now() + interval '1 day')::date::text";
        let day: String = self.town.pg.query_one(day, &[]).await?.get(0);
        let path = format!("/providers/{provider}/slots?service_id={service}&from={day}&to={day}");
        Ok(self.reader.get(&path).await?["duration_minutes"].clone())
    }

    pub(super) async fn books(&mut self, deal: &Deal) -> Result<()> {
        let offer = self.thing(Kind::Offer, &deal.accepts).await?;
        let path = format!("/offers/{}", offer.id);
        let shown = offer.owner.get(&path).await?;
        let consumer = self.owner_of_request(&text(&shown, "request_id")?).await?;
        let slot = deal.slot.clone().unwrap_or_else(|| {
            let first = &shown["slots"][0];
            json!({"date": first["date"], "start_time": first["start_time"]})
        });
        let mut body = json!({"slot": slot});
        for (field, said) in [("address", &deal.address), ("instructions", &deal.instructions)] {
            if let Some(said) = said {
                body[field] = said.as_str().into();
            }
        }
        let booking = consumer.put(&format!("{path}/accept"), body).await?;
        let id = text(&booking, "id")?;
        self.keep(deal.name.as_ref(), Kind::Booking, id.clone(), &consumer);
        if let Some(hours) = deal.began_hours_ago {
            self.begins(&id, hours).await?;
        }
        match deal.status.as_deref() {
            None | Some("confirmed") => Ok(()),
            Some("completed") => self.provider_moves(&id, "complete").await,
            Some("no_show") => self.provider_moves(&id, "no_show").await,
            Some("cancelled") => {
                let reason = json!({"reason": "Something came up."});
                consumer.put(&format!("/bookings/{id}/cancel"), reason).await?;
                Ok(())
            }
            Some(other) => Err(format!("a booking cannot be {other}").into()),
        }
    }

    /// Lets a booking have begun so many hours ago.
    pub(super) async fn begins(&self, booking: &str, hours_ago: i64) -> Result<()> {
        let moved = format!(
            "UPDATE bookings SET start_at = date_trunc('minute', now()) - interval '{hours_ago} hours',
               end_at = date_trunc('minute', now()) - interval '{hours_ago} hours' + (end_at - start_at)
             WHERE id = '{booking}'"
        );
        Ok(self.town.pg.batch_execute(&moved).await?)
    }

    pub(super) async fn provider_moves(&self, booking: &str, action: &str) -> Result<()> {
        let provider = self.provider_of_booking(booking).await?;
        provider.put(&format!("/bookings/{booking}/{action}"), Value::Null).await?;
        Ok(())
    }

    pub(super) async fn moves(&self, kind: Kind, name: &str, action: &str) -> Result<()> {
        let thing = self.thing(kind, name).await?;
        thing.owner.put(&format!("/offers/{}/{action}", thing.id), Value::Null).await?;
        Ok(())
    }

    pub(super) async fn declines(&self, offer: &str) -> Result<()> {
        let offer = self.thing(Kind::Offer, offer).await?;
        let path = format!("/offers/{}", offer.id);
        let request = text(&offer.owner.get(&path).await?, "request_id")?;
        let consumer = self.owner_of_request(&request).await?;
        consumer.put(&format!("{path}/decline"), Value::Null).await?;
        Ok(())
    }

    /// A stranger books a provider for a slot.
    pub(super) async fn slot_is_taken(&mut self, provider: &str, date: &str, start_time: &str) -> Result<()> {
        let provider = self.provider(provider)?.clone();
        let stranger = self.registers("Iris Quill").await?;
        let need = json!({"service_id": provider.service, "city": provider.city});
        let request = text(&stranger.post("/requests", need).await?, "id")?;
        self.town.comes_to_rest().await?;
        let slot = json!({"date": date, "start_time": start_time});
        let bid = json!({
            "request_id": request, "service_id": provider.service, "price_cents": 9_000, "currency": "USD",
            "duration_minutes": self.duration(&provider.id, &provider.service).await?, "slots": [slot],
        });
        let offer = text(&provider.owner.post("/offers", bid).await?, "id")?;
        let accept = json!({"slot": slot, "address": "9 Elm Street"});
        let booking = match stranger.put(&format!("/offers/{offer}/accept"), accept).await {
            Ok(booking) => booking,
            Err(_) => stranger.put(&format!("/offers/{offer}/accept"), json!({"slot": slot})).await?,
        };
        self.keep(None, Kind::Offer, offer, &provider.owner);
        self.keep(None, Kind::Booking, text(&booking, "id")?, &stranger);
        Ok(())
    }

    pub(super) async fn proposes(&mut self, proposal: &Proposal) -> Result<()> {
        let booking = self.thing(Kind::Booking, &proposal.booking).await?;
        let caller = self.side(&booking.id, &booking.owner, proposal.by).await?;
        let mut body = json!({"slot": proposal.slot});
        if let Some(note) = &proposal.note {
            body["note"] = note.as_str().into();
        }
        caller.put(&format!("/bookings/{}/reschedule", booking.id), body).await?;
        Ok(())
    }

    pub(super) async fn calls_off(&self, booking: &str, by: Side, reason: Option<&str>) -> Result<()> {
        let booking = self.thing(Kind::Booking, booking).await?;
        let caller = self.side(&booking.id, &booking.owner, by).await?;
        let body = json!({"reason": reason.unwrap_or("I am ill, sorry.")});
        caller.put(&format!("/bookings/{}/cancel", booking.id), body).await?;
        Ok(())
    }

    pub(super) async fn reviews(&mut self, opinion: &Opinion) -> Result<()> {
        let booking = self.thing(Kind::Booking, &opinion.of).await?;
        let body = json!({
            "booking_id": booking.id, "rating": opinion.rating, "text": opinion.text.as_deref().unwrap_or_default(),
        });
        let made = booking.owner.post("/reviews", body).await?;
        self.keep(opinion.name.as_ref(), Kind::Review, text(&made, "id")?, &booking.owner);
        Ok(())
    }

    /// Who of a booking is meant.
    async fn side(&self, booking: &str, consumer: &Caller, side: Side) -> Result<Caller> {
        match (side == Side::Me, self.role == Role::Provider) {
            (true, false) | (false, true) => Ok(consumer.clone()),
            (true, true) | (false, false) => self.provider_of_booking(booking).await,
        }
    }

    async fn provider_of_booking(&self, booking: &str) -> Result<Caller> {
        let find = format!("SELECT provider_id::text FROM bookings WHERE id = '{booking}'");
        let id: String = self.town.pg.query_one(&find, &[]).await?.get(0);
        let provider = self.providers.values().find(|one| one.id == id);
        Ok(provider.ok_or("a booking with a provider who is not given")?.owner.clone())
    }

    /// Who asked for what was booked.
    pub(super) async fn owner_of_booking(&self, booking: &str) -> Result<Caller> {
        let find = format!("SELECT request_id::text FROM bookings WHERE id = '{booking}'");
        let request: String = self.town.pg.query_one(&find, &[]).await?.get(0);
        self.owner_of_request(&request).await
    }

    async fn owner_of_request(&self, request: &str) -> Result<Caller> {
        if let Some(thing) = self.things.values().find(|thing| thing.id == request) {
            return Ok(thing.owner.clone());
        }
        // Made in the conversation, or without a name: whoever may read it as their own.
        let me = self.me.iter();
        for caller in me.chain(self.people.values()).chain(self.unnamed.iter()) {
            if let Ok(shown) = caller.get(&format!("/requests/{request}")).await
                && shown.get("task_id").is_some()
            {
                return Ok(caller.clone());
            }
        }
        Err(format!("nobody owns request {request}").into())
    }

    /// The reviews of all providers.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn all_reviews(&self) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        for provider in self.providers.values() {
            all.extend(self.reader.items(&format!("/reviews/provider/{}", provider.id)).await?);
        }
        Ok(all)
    }
}
