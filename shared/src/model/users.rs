//! People: a user is `(issuer, subject)`, has one role and one status.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::UserId;
use super::sql_enum::sql_enum;
use crate::db::schema::{sql_types, users};

sql_enum! {
    /// What a caller is; exactly one.
    Role as sql_types::UserRole {
        /// Has no account: chats, sees value, is invited to sign up.
        Guest,
        /// Needs work done.
        Consumer,
        /// Does the work.
        Provider,
        /// Runs the place.
        Admin,
    }
}

sql_enum! {
    /// Whether an account may be used; counts on every call.
    UserStatus as sql_types::UserStatus {
        /// In use.
        Active,
        /// Shut by an admin.
        Suspended,
        /// Closed; the pair `(issuer, subject)` does not come back.
        Deleted,
    }
}

/// A row of `users`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::pg::Pg))]
pub struct User {
    /// Our id.
    pub id: UserId,
    /// Who vouches for this person.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
    /// The role on file.
    pub role: Role,
    /// Whether the account may be used.
    pub status: UserStatus,
    /// First name or full name, as they gave it.
    pub name: Option<String>,
    /// Tokens made before this moment do not change the role.
    pub role_changed_at: DateTime<Utc>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// Became a provider here, by enrollment: no issuer's word makes less of them.
    pub role_earned: bool,
}

/// An e-mail as it names an account: without spaces around it, and without case as ASCII has it. The unique index on
/// e-mails is of the collation `C`, which folds just these letters: others are folded differently here and there.
#[must_use]
pub fn canonical_email(email: &str) -> String {
    email.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::canonical_email;

    #[test]
    fn an_email_is_one_however_it_is_written() {
        assert_eq!(canonical_email(" Maya@Example.COM\n"), "maya@example.com");
        assert_eq!(canonical_email("İ@Example.com"), "İ@example.com");
    }
}
