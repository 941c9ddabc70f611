//! Tools for what is known of a consumer.

use serde::Deserialize;
use utoipa::ToSchema;

use super::BudgetArgs;

/// Preferences, as the person states them: only what is new or changed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdatePreferences {
    /// What they like to spend.
    #[schema(inline)]
    pub budget: Option<BudgetArgs>,
    /// When they like things done.
    pub timing: Option<String>,
    /// How they like things done.
    pub style: Option<String>,
    /// Where: all of them, known and new.
    pub places: Option<Vec<String>>,
    /// By whom: all of them, known and new.
    pub favourite_providers: Option<Vec<String>>,
    /// What is to be forgotten: names of the fields above.
    pub forget: Option<Vec<String>>,
}

/// The profile, as the person corrects it: only what is new or changed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateProfile {
    /// First name or full name.
    pub name: Option<String>,
    /// The city or borough.
    pub city: Option<String>,
    /// Their number.
    pub phone: Option<String>,
}
