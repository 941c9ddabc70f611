//! Typed ids: UUIDv7, so that they sort by time of making.

use diesel::deserialize::{self, FromSql};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Uuid as SqlUuid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow, ToSchema,
        )]
        #[diesel(sql_type = SqlUuid)]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, later than every id made before it in this process.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "an id is made, it has no default")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl FromSql<SqlUuid, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                <Uuid as FromSql<SqlUuid, Pg>>::from_sql(value).map(Self)
            }
        }

        impl ToSql<SqlUuid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <Uuid as ToSql<SqlUuid, Pg>>::to_sql(&self.0, out)
            }
        }
    };
}

id!(
    /// A person or a guest.
    UserId
);
id!(
    /// A conversation.
    SessionId
);
id!(
    /// A message of a conversation.
    MessageId
);
id!(
    /// Anything slow that was asked for.
    TaskId
);
id!(
    /// What the agent has prepared and the user has not approved yet.
    DraftId
);
id!(
    /// A need of a consumer that providers are matched to.
    RequestId
);
id!(
    /// Somebody who does the work.
    ProviderId
);
id!(
    /// What a provider proposes for a request.
    OfferId
);
id!(
    /// An accepted offer: who comes when, for how much.
    BookingId
);
id!(
    /// What a consumer says of a booking that is done.
    ReviewId
);
id!(
    /// Somebody on the way to being a provider.
    EnrollmentId
);
id!(
    /// A picture or a film.
    MediaId
);
id!(
    /// Something that somebody is told.
    NotificationId
);
id!(
    /// A piece of work that a provider shows.
    PortfolioItemId
);
id!(
    /// How a provider words offers.
    TemplateId
);
