//! Searching providers: only who is active and has something that can be booked.
//!
//! The best of a page are found first, by what narrows the search down most, and only they are read whole. City, place and
//! words narrow it down so much that they come before the order of the page: hence the `OFFSET 0`, which keeps PostgreSQL
//! from walking along that order till it has met enough that fit.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Double, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use super::read::{CardRow, CardSql, card_columns};
use crate::db::Conn;
use crate::db::statement::statement;
use crate::db::users::account_is_open;
use crate::error::Result;
use crate::model::ProviderId;
use crate::model::places::Location;
use crate::model::providers::Card;

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The best rated; who has too few reviews comes last.
    #[default]
    Rating,
    /// The nearest; with a place only.
    Distance,
    /// The cheapest of what is asked for; who says no price comes last.
    Price,
    /// Who came last.
    Newest,
}

/// Where a page ended: the key of its last provider in the order, and the provider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct After {
    /// The rating, kilometres or price; nothing of worth where the id is enough.
    pub key: f64,
    /// The last provider.
    pub id: ProviderId,
}

/// Whom somebody looks for; what is absent is not asked.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Who offers one of these services.
    pub services: Option<Vec<String>>,
    /// Who says all of these words, or words that begin with them, of themselves or of what they offer.
    pub words: Vec<String>,
    /// Who works from this city, whatever the case and spaces.
    pub city: Option<String>,
    /// Who is within so many kilometres of a place, as the public knows it.
    pub near: Option<(Location, f64)>,
    /// Who is rated at least so.
    pub min_rating: Option<f64>,
    /// Who has a licence that was seen.
    pub verified: bool,
    /// What comes first.
    pub order: Order,
    /// Only what comes after.
    pub after: Option<After>,
    /// At most so many.
    pub limit: i64,
}

/// A provider that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What everybody sees of it; the price is that of what is asked for.
    pub card: Card,
    /// From the place that is asked about to where the provider is as the public knows it.
    pub distance_km: Option<f64>,
    /// Its key in the order.
    pub key: f64,
}

/// What stands for the price of who says none: more than any.
const NO_PRICE: i64 = 1_000_000_000_000_000;
/// What the rounding of a place moves it by at most, in kilometres, and a little.
const ROUNDING_KM: f64 = 1.0;

/// The statement of a search. Its text depends on what is asked; each is prepared once a connection.
struct Searching<'a> {
    search: &'a Search,
    widened_km: f64,
}

impl<'a> Searching<'a> {
    fn new(search: &'a Search) -> Self {
        Self { search, widened_km: search.near.map_or(0.0, |(_, km)| km + ROUNDING_KM) }
    }

    /// Who can be found at all, and what narrows that down most: the place, else the words.
    fn push_candidates<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Search { city, near, words, .. } = self.search;
        let is_anywhere = city.is_none() && near.is_none();
        if is_anywhere && !words.is_empty() {
            // Each by its id: how many there are is not known beforehand, and all of them would be read to be safe.
            out.push_sql("(SELECT p.* FROM (");
            self.push_using(out, " INTERSECT ")?;
            out.push_sql(
                ") w CROSS JOIN LATERAL (SELECT * FROM providers WHERE id = w.id AND status = 'active' OFFSET 0) p) p",
            );
            return Ok(());
        }
        out.push_sql("(SELECT * FROM providers WHERE status = 'active'");
        if let Some(city) = city {
            out.push_sql(" AND plain_name(city) = plain_name(");
            out.push_bind_param::<Text, _>(city)?;
            out.push_sql(")");
        }
        if let Some((place, _)) = near {
            out.push_sql(" AND box_around(latitude, longitude, 0) && box_around(");
            out.push_bind_param::<Double, _>(&place.latitude)?;
            out.push_sql(", ");
            out.push_bind_param::<Double, _>(&place.longitude)?;
            out.push_sql(", ");
            out.push_bind_param::<Double, _>(&self.widened_km)?;
            out.push_sql(")");
        }
        if !words.is_empty() {
            out.push_sql(" AND id IN (");
            self.push_using(out, ") AND id IN (")?;
            out.push_sql(")");
        }
        out.push_sql(if is_anywhere { ") p" } else { " OFFSET 0) p" });
        Ok(())
    }

    /// Who uses each of the words, of themselves or of something that can be booked.
    fn push_using<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>, and: &str) -> QueryResult<()> {
        for (at, word) in self.search.words.iter().enumerate() {
            if at > 0 {
                out.push_sql(and);
            }
            out.push_sql(
                "(SELECT w.id FROM providers w WHERE w.status = 'active'
                    AND provider_words(w.name, w.headline, w.bio, w.city) @@ to_tsquery('english', ",
            );
            out.push_bind_param::<Text, _>(word)?;
            out.push_sql(
                ") UNION SELECT w.provider_id FROM provider_services w
                    WHERE service_words(w.service_id, w.description, w.specializations) @@ to_tsquery('english', ",
            );
            out.push_bind_param::<Text, _>(word)?;
            out.push_sql(") AND is_bookable(w.licence, w.licence_expires_on))");
        }
        Ok(())
    }

    /// Kilometres to where the public knows `p` to be.
    fn push_distance<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some((place, _)) = &self.search.near else {
            out.push_sql("NULL::float8");
            return Ok(());
        };
        out.push_sql("distance_km(");
        out.push_bind_param::<Double, _>(&place.latitude)?;
        out.push_sql(", ");
        out.push_bind_param::<Double, _>(&place.longitude)?;
        out.push_sql(", round(p.latitude * 100) / 100, round(p.longitude * 100) / 100)");
        Ok(())
    }

    /// That a service of a provider `p` is asked for.
    fn push_asked<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if let Some(services) = &self.search.services {
            out.push_sql(" AND o.service_id = ANY (");
            out.push_bind_param::<Array<Text>, _>(services)?;
            out.push_sql(")");
        }
        Ok(())
    }

    /// What of these is asked for.
    fn push_conditions<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Search { near, min_rating, verified, order, after, .. } = self.search;
        let bookable = "EXISTS (SELECT FROM provider_services o WHERE o.provider_id = p.id
            AND is_bookable(o.licence, o.licence_expires_on)";
        out.push_sql(concat!(" WHERE ", account_is_open!(), " AND "));
        out.push_sql(bookable);
        self.push_asked(out)?;
        // Asked of each candidate (PostgreSQL makes no join of what has an offset): nobody knows how many have a word that
        // begins so, and a guess of too many lets all services be read.
        out.push_sql(" OFFSET 0)");
        if *verified {
            out.push_sql(" AND ");
            out.push_sql(bookable);
            out.push_sql(" AND o.licence = 'verified')");
        }
        if let Some(least) = min_rating {
            out.push_sql(" AND coalesce(p.rating, 0) >= ");
            out.push_bind_param::<Double, _>(least)?;
        }
        if let Some((_, km)) = near {
            out.push_sql(" AND d.km <= ");
            out.push_bind_param::<Double, _>(km)?;
        }
        if let Some(after) = after {
            out.push_sql(match order {
                Order::Rating => " AND (coalesce(p.rating, 0), p.id) < (",
                Order::Distance => " AND (d.km, p.id) > (",
                Order::Price => " AND (c.price, p.id) > (",
                Order::Newest => " AND (0::float8, p.id) < (",
            });
            out.push_bind_param::<Double, _>(&after.key)?;
            out.push_sql(", ");
            out.push_bind_param::<Uuid, _>(&after.id)?;
            out.push_sql(")");
        }
        Ok(())
    }
}

impl QueryFragment<Pg> for Searching<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (key, order) = match self.search.order {
            Order::Rating => ("coalesce(p.rating, 0)", "coalesce(p.rating, 0) DESC, p.id DESC"),
            Order::Distance => ("d.km", "d.km, p.id"),
            Order::Price => ("c.price", "c.price, p.id"),
            Order::Newest => ("0::float8", "p.id DESC"),
        };
        out.push_sql(concat!("SELECT ", card_columns!(), ", p.km, p.key FROM (SELECT p.*, d.km, "));
        out.push_sql(key);
        out.push_sql(" AS key FROM ");
        self.push_candidates(&mut out)?;
        out.push_sql(" CROSS JOIN LATERAL (SELECT ");
        self.push_distance(&mut out)?;
        out.push_sql(" AS km) d");
        if self.search.order == Order::Price {
            out.push_sql(" CROSS JOIN LATERAL (SELECT coalesce(min(o.price_min_cents), ");
            out.push_bind_param::<BigInt, _>(&NO_PRICE)?;
            out.push_sql(
                ")::float8 AS price FROM provider_services o WHERE o.provider_id = p.id
                 AND is_bookable(o.licence, o.licence_expires_on)",
            );
            self.push_asked(&mut out)?;
            out.push_sql(") c");
        }
        self.push_conditions(&mut out)?;
        out.push_sql(" ORDER BY ");
        out.push_sql(order);
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.search.limit)?;
        out.push_sql(
            ") p CROSS JOIN LATERAL (
               SELECT array_agg(o.service_id ORDER BY o.service_id) AS ids, bool_or(o.licence = 'verified') AS verified,
                 (array_agg(o.price_min_cents ORDER BY o.price_min_cents, o.service_id) FILTER (WHERE asked))[1]
                   AS price_from,
                 (array_agg(o.currency ORDER BY o.price_min_cents, o.service_id) FILTER (WHERE asked))[1] AS currency
               FROM (SELECT *, price_min_cents IS NOT NULL",
        );
        if let Some(services) = &self.search.services {
            out.push_sql(" AND service_id = ANY (");
            out.push_bind_param::<Array<Text>, _>(services)?;
            out.push_sql(")");
        }
        out.push_sql(
            " AS asked FROM provider_services) o
               WHERE o.provider_id = p.id AND is_bookable(o.licence, o.licence_expires_on)) s ORDER BY ",
        );
        out.push_sql(match self.search.order {
            Order::Rating | Order::Newest => "p.key DESC, p.id DESC",
            Order::Distance | Order::Price => "p.key, p.id",
        });
        Ok(())
    }
}

impl QueryId for Searching<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Searching<'_> {
    type SqlType = (CardSql, Nullable<Double>, Double);
}

/// The statement of a search, for a test to look at.
#[cfg(feature = "test_support")]
pub(crate) fn searching(search: &Search) -> impl QueryFragment<Pg> + Send + Sync + '_ {
    Searching::new(search)
}

/// The providers that are looked for, in order.
///
/// # Errors
/// When the database is away.
pub async fn search(conn: &mut Conn, search: &Search) -> Result<Vec<Found>> {
    let rows: Vec<(CardRow, Option<f64>, f64)> = Searching::new(search).get_results(conn).await?;
    let found = |(row, distance_km, key): (CardRow, _, _)| Found { card: row.into(), distance_km, key };
    Ok(rows.into_iter().map(found).collect())
}

statement! {
    /// Words that everybody uses stand in no index.
    Meaning { words: Vec<String> => Array<Text> } -> Text =
    "SELECT word FROM unnest(?) WITH ORDINALITY w (word, at) WHERE numnode(to_tsquery('english', word)) > 0 ORDER BY at"
}

/// Those of the words, each written as for `to_tsquery`, that can be searched for.
///
/// # Errors
/// When the database is away.
pub async fn meaning_of(conn: &mut Conn, words: Vec<String>) -> Result<Vec<String>> {
    Ok(Meaning { words }.get_results(conn).await?)
}
