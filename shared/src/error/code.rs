//! The catalogue: code → HTTP status, title, usual sentence.

use std::time::Duration;

use serde::Serialize;

/// Every code that a client can see.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    strum::Display,
    strum::IntoStaticStr,
    strum::VariantArray,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Code {
    /// No token, or one that is not accepted.
    Unauthenticated,
    /// The account is suspended or deleted.
    AccountClosed,
    /// The role may not do this.
    WrongRole,
    /// A guest where an account is needed.
    AccountRequired,
    /// Belongs to another, or does not exist.
    NotYours,
    /// No such path, or no such public thing.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// The body is not JSON, or the query cannot be decoded.
    InvalidJson,
    /// Something in path, query or body breaks a rule.
    Invalid,
    /// A move that the state does not allow.
    IllegalMove,
    /// Another account has this e-mail.
    EmailTaken,
    /// As a live one of the same service, city and time.
    DuplicateRequest,
    /// Ten live requests already.
    TooManyLive,
    /// The role provider without a profile.
    NoProviderProfile,
    /// The user has a provider's profile already.
    ProviderExists,
    /// The offer is not live any more.
    OfferNotPending,
    /// The request takes no offers any more.
    RequestClosed,
    /// Another booking has the slot.
    SlotTaken,
    /// The offer does not name the slot.
    SlotNotOffered,
    /// The work is at the consumer's, and nobody knows where that is.
    AddressNeeded,
    /// A booking is reviewed once.
    AlreadyReviewed,
    /// Something is missing that an enrollment needs.
    EnrollmentIncomplete,
    /// Something hangs on it.
    MediaInUse,
    /// The draft is not as it was shown.
    DraftChanged,
    /// The key was used for another call.
    IdempotencyMismatch,
    /// The first call with this key has not ended.
    IdempotencyInFlight,
    /// More calls than are allowed.
    RateLimited,
    /// The body did not arrive in time.
    TooSlow,
    /// The body is larger than what is taken.
    TooLarge,
    /// Less is there than the range that is asked for.
    NoSuchRange,
    /// The body is not of a type that is taken.
    MediaUnsupported,
    /// Something we need is down.
    Unavailable,
    /// Our fault.
    Internal,
    /// The model could not be reached or refused to work.
    ModelUnavailable,
    /// The model took too long.
    ModelTimeout,
    /// The model's answer could not be understood.
    ModelMalformed,
    /// What models may cost for this user, conversation or address is used up.
    BudgetExceeded,
    /// The task took too long as a whole.
    TaskTimeout,
    /// The task was tried as often as is allowed and never finished.
    TaskAbandoned,
}

impl Code {
    /// The HTTP status that answers with this code; of a task's error, the nearest one.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::InvalidJson => 400,
            Self::Unauthenticated | Self::AccountClosed => 401,
            Self::WrongRole | Self::AccountRequired | Self::NoProviderProfile | Self::NotYours => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::IllegalMove
            | Self::EmailTaken
            | Self::DuplicateRequest
            | Self::TooManyLive
            | Self::ProviderExists
            | Self::OfferNotPending
            | Self::RequestClosed
            | Self::SlotTaken
            | Self::AlreadyReviewed
            | Self::MediaInUse
            | Self::DraftChanged
            | Self::IdempotencyInFlight => 409,
            Self::TooSlow => 408,
            Self::TooLarge => 413,
            Self::MediaUnsupported => 415,
            Self::NoSuchRange => 416,
            Self::Invalid
            | Self::SlotNotOffered
            | Self::AddressNeeded
            | Self::EnrollmentIncomplete
            | Self::IdempotencyMismatch => 422,
            Self::RateLimited | Self::BudgetExceeded => 429,
            Self::Internal => 500,
            Self::ModelMalformed => 502,
            Self::Unavailable | Self::ModelUnavailable | Self::TaskAbandoned => 503,
            Self::ModelTimeout | Self::TaskTimeout => 504,
        }
    }

    /// A few words that are the same for every error of this code.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Unauthenticated => "Not signed in",
            Self::AccountClosed => "Account closed",
            Self::WrongRole => "Wrong role",
            Self::AccountRequired => "Account required",
            Self::NotYours => "Not yours",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::InvalidJson => "Not JSON",
            Self::Invalid => "Invalid",
            Self::IllegalMove => "Not possible now",
            Self::DuplicateRequest => "Duplicate request",
            Self::TooManyLive => "Too many live requests",
            Self::EmailTaken => "E-mail taken",
            Self::NoProviderProfile => "No provider profile",
            Self::ProviderExists => "Provider exists",
            Self::OfferNotPending => "Offer not pending",
            Self::RequestClosed => "Request closed",
            Self::SlotTaken => "Slot taken",
            Self::SlotNotOffered => "Slot not offered",
            Self::AddressNeeded => "Address needed",
            Self::AlreadyReviewed => "Already reviewed",
            Self::EnrollmentIncomplete => "Enrollment incomplete",
            Self::MediaInUse => "Media in use",
            Self::DraftChanged => "Draft changed",
            Self::IdempotencyMismatch => "Key used for another call",
            Self::IdempotencyInFlight => "First call still runs",
            Self::RateLimited => "Too many calls",
            Self::TooSlow => "Request timeout",
            Self::TooLarge => "Too large",
            Self::MediaUnsupported => "Unsupported media type",
            Self::NoSuchRange => "No such range",
            Self::Unavailable => "Unavailable",
            Self::Internal => "Internal error",
            Self::ModelUnavailable => "Assistant unavailable",
            Self::ModelTimeout => "Assistant too slow",
            Self::ModelMalformed => "Assistant not understood",
            Self::BudgetExceeded => "Enough for today",
            Self::TaskTimeout => "Took too long",
            Self::TaskAbandoned => "Given up",
        }
    }

    /// The sentence that is said where nothing more particular is known.
    #[must_use]
    pub fn detail(self) -> &'static str {
        match self {
            Self::Unauthenticated => {
                "Send a valid token as `Authorization: Bearer <token>`; get one by signing in or from POST /auth/guest."
            }
            Self::AccountClosed => "This account is closed. Write to support if you think it should not be.",
            Self::WrongRole => "Your role may not do this.",
            Self::AccountRequired => "This needs an account. Sign up or sign in, then try again.",
            Self::NotYours => {
                "There is nothing of yours with this id. Check the id, or sign in as its owner."
            }
            Self::NotFound => "There is nothing at this address. See /api/docs for what there is.",
            Self::MethodNotAllowed => {
                "This address does not take that method; the Allow header lists those it takes."
            }
            Self::InvalidJson => {
                "The body is not valid JSON, or the query cannot be decoded. Correct it and send it again."
            }
            Self::Invalid => "Some of what was sent is not acceptable; `errors` lists every problem.",
            Self::IllegalMove => "This is not possible in the present state. Reload and look again.",
            Self::EmailTaken => {
                "There is an account with this e-mail. Sign in instead, or use another e-mail."
            }
            Self::NoProviderProfile => {
                "You have no provider profile yet. Make one with POST /providers or POST /enrollment/start."
            }
            Self::ProviderExists => {
                "You have a provider profile already. Change it with PATCH /providers/{id}."
            }
            Self::OfferNotPending => {
                "This offer was accepted, declined, withdrawn or has expired. Look at the request's other offers."
            }
            Self::RequestClosed => {
                "This request is booked, done, cancelled or has expired. Look at your other leads."
            }
            Self::SlotTaken => {
                "This slot was just taken. `slots` names free ones that this offer takes for 15 minutes: accept one of them."
            }
            Self::SlotNotOffered => "This offer does not name that slot. Choose one of its slots.",
            Self::AddressNeeded => {
                "The work is done at your place. Send `address`, and `instructions` if they help."
            }
            Self::AlreadyReviewed => "You have reviewed this booking already.",
            Self::EnrollmentIncomplete => {
                "Something is missing; `errors` lists what. Fill it in and submit again."
            }
            Self::MediaInUse => "This is shown somewhere. Take it out there first.",
            Self::DraftChanged => {
                "The draft is not as it was shown to you. Look at the present one, then decide on that."
            }
            Self::IdempotencyMismatch => {
                "This Idempotency-Key was used for another call. Send a new key with a new call."
            }
            Self::IdempotencyInFlight => {
                "The first call with this Idempotency-Key has not ended. Ask again in a few seconds."
            }
            Self::RateLimited => "You call more often than is allowed. Wait as long as Retry-After says.",
            Self::DuplicateRequest => {
                "You have a live request for the same service, city and time. Send allow_duplicate: true to post another."
            }
            Self::TooManyLive => "You have ten live requests already. Close one first.",
            Self::TooSlow => "The body of the call took too long to arrive. Send it again.",
            Self::TooLarge => {
                "The body is larger than is taken here (JSON: 1 MB; pictures: 20 MB and 50 megapixels; films: 100 MB)."
            }
            Self::MediaUnsupported => "Send the body as application/json.",
            Self::NoSuchRange => {
                "The file ends before the range that was asked for. Content-Range tells its size."
            }
            Self::Unavailable => "Something we need is down for the moment. Try again in a few seconds.",
            Self::Internal => {
                "Something went wrong on our side. Try again; if it stays, tell us the request id."
            }
            Self::ModelUnavailable => {
                "The assistant cannot be reached at the moment. Your message is kept: try again in a minute."
            }
            Self::ModelTimeout => "The assistant took too long to answer. Your message is kept: try again.",
            Self::BudgetExceeded => {
                "We have talked as much as I can for now. Your message is kept: try it again tomorrow."
            }
            Self::ModelMalformed => "The assistant's answer made no sense. Your message is kept: try again.",
            Self::TaskTimeout => "This took longer than is allowed. Nothing you entered is lost: try again.",
            Self::TaskAbandoned => {
                "We tried several times and could not finish. Nothing you entered is lost: try again."
            }
        }
    }

    /// Whether it says something about an `Idempotency-Key` rather than about the call.
    #[must_use]
    pub fn is_about_keys(self) -> bool {
        matches!(self, Self::IdempotencyMismatch | Self::IdempotencyInFlight)
    }

    /// How long a client should wait before it tries again.
    #[must_use]
    pub fn retry_after(self) -> Option<Duration> {
        matches!(self, Self::Unavailable | Self::IdempotencyInFlight).then_some(Duration::from_secs(2))
    }
}
