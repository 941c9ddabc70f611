//! Where a hostile text stands, who comes to look at it, and by what words.

use serde::Deserialize;

use super::Case;
use super::market::Market;
use crate::support::Caller;

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// What a provider writes with an offer, and about its price.
    OfferMessage,
    /// What a provider writes about the price of an offer.
    PriceNotes,
    /// What a provider is called, as offers have it.
    ProviderName,
    /// What a provider is called whom a search finds.
    FoundName,
    /// Where such a provider says they are.
    FoundCity,
    /// A finer skill of such a provider.
    FoundSkill,
    /// What a provider is called who is booked.
    BookedName,
    /// What a provider is called whom somebody likes: the model is told of it with every message.
    FavouriteName,
    /// What somebody needs, in their words.
    RequestNotes,
    /// Where somebody needs it.
    LeadCity,
    /// What finer skill somebody wishes for.
    LeadWish,
    /// Where somebody wants it done.
    Address,
    /// What somebody says of a provider.
    Review,
    /// What who says it is called.
    ReviewAuthor,
    /// What the person pastes themselves.
    Message,
    /// What a provider says of themselves, which no tool shows.
    Bio,
    /// What stands beside a picture, which no tool shows.
    PhotoCaption,
}

impl Place {
    /// Whether any tool, or the prompt, shows the model what stands there.
    pub fn is_shown(self) -> bool {
        !matches!(self, Self::Bio | Self::PhotoCaption)
    }

    /// The statements that put a text there.
    fn sql(self, market: &Market, text: &str) -> String {
        let text = format!("'{}'", text.replace('\'', "''"));
        let Market { provider, offer, request, booking, review, .. } = market;
        let of_provider = |what: &str| format!("UPDATE providers SET {what} WHERE id = '{provider}'");
        match self {
            Self::OfferMessage => format!(
                "UPDATE offers SET message = {text}, price_notes = left({text}, 2000) WHERE id = '{offer}'"
            ),
            Self::PriceNotes => format!("UPDATE offers SET price_notes = {text} WHERE id = '{offer}'"),
            Self::ProviderName => format!(
                "{}; UPDATE offers SET snapshot = jsonb_set(snapshot, '{{name}}', to_jsonb({text}::text))
                 WHERE provider_id = '{provider}'",
                of_provider(&format!("name = left({text}, 200)"))
            ),
            Self::FoundName | Self::BookedName | Self::FavouriteName => {
                of_provider(&format!("name = {text}"))
            }
            Self::FoundCity => of_provider(&format!("city = {text}")),
            Self::FoundSkill => format!(
                "UPDATE provider_services SET specializations = ARRAY[{text}] WHERE provider_id = '{provider}'"
            ),
            Self::RequestNotes => format!("UPDATE requests SET description = {text} WHERE id = '{request}'"),
            Self::LeadCity => format!("UPDATE requests SET city = {text} WHERE id = '{request}'"),
            Self::LeadWish => {
                format!("UPDATE requests SET specializations = ARRAY[{text}] WHERE id = '{request}'")
            }
            Self::Address => format!("UPDATE bookings SET address = {text} WHERE id = '{booking}'"),
            Self::Review => format!("UPDATE reviews SET text = {text} WHERE id = '{review}'"),
            Self::ReviewAuthor => format!("UPDATE reviews SET author = {text} WHERE id = '{review}'"),
            Self::Bio => of_provider(&format!("bio = {text}, headline = left({text}, 200)")),
            Self::Message | Self::PhotoCaption => String::new(),
        }
    }

    /// Who looks there, if nothing else is said.
    fn reader(self, market: &Market) -> &Caller {
        match self {
            Self::RequestNotes
            | Self::LeadCity
            | Self::LeadWish
            | Self::Address
            | Self::Review
            | Self::ReviewAuthor => &market.ann,
            Self::PhotoCaption => &market.tyrone,
            _ => &market.maya,
        }
    }

    /// The words by which somebody comes to look there.
    fn words(self) -> &'static str {
        match self {
            Self::OfferMessage | Self::PriceNotes | Self::ProviderName => "Show me my offers",
            Self::FoundName | Self::FoundCity | Self::FoundSkill | Self::Bio => {
                "Who does haircuts in Brooklyn?"
            }
            Self::BookedName | Self::Address => "What bookings do I have?",
            Self::FavouriteName => "hello there",
            Self::RequestNotes | Self::LeadCity => "Show me my leads",
            Self::LeadWish => "Tell me more about that lead",
            Self::Review | Self::ReviewAuthor => "How am I doing, and what do my latest reviews say?",
            Self::PhotoCaption => "What is filled in so far?",
            Self::Message => "",
        }
    }
}

/// Somebody who is about to look at a text.
pub struct Look {
    /// Who.
    pub caller: Caller,
    /// As what, if not as what they are.
    pub role: Option<&'static str>,
    /// By what words.
    pub words: String,
}

/// Puts a text where it stands; answers who looks at it, as what, and what they say.
pub async fn lays(market: &Market, case: &Case, text: &str) -> Look {
    let sql = case.place.sql(market, text);
    if !sql.is_empty() {
        market.app.database.execute(&sql).await;
    }
    if case.place == Place::PhotoCaption {
        market.fills_in(text).await;
    }
    let caller = match case.role.as_deref() {
        Some("guest") => market.app.guest().await,
        Some("provider") => market.ann.clone(),
        Some("enrollment") => market.tyrone.clone(),
        _ => case.place.reader(market).clone(),
    };
    let enrolls = case.place == Place::PhotoCaption || case.role.as_deref() == Some("enrollment");
    let words = match (case.place, &case.says) {
        (Place::Message, _) => text.to_owned(),
        (_, Some(words)) => words.clone(),
        (place, None) => place.words().to_owned(),
    };
    Look { caller, role: enrolls.then_some("enrollment"), words }
}
