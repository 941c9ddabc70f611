//! Which service a message asks for, and how it should be done.

use super::facts::Question;
use super::reading::{Claim, Reading};
use super::vocabulary::{Hit, Strength, VOCABULARY, hits};
use super::words::Kind;

/// What is known before the message is read.
#[derive(Debug, Clone, Default)]
pub struct Before<'a> {
    /// The service of the draft.
    pub service: Option<&'a str>,
    /// A category that earlier messages spoke of.
    pub category: Option<&'a str>,
    /// What the concierge asked last.
    pub asked: &'a [Question],
}

/// What a message says about the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// The service.
    pub service: Option<String>,
    /// The category, if the service is not clear.
    pub category: Option<String>,
    /// How it should be done.
    pub specializations: Vec<String>,
    /// Other services asked for with it.
    pub others: Vec<String>,
}

#[derive(Debug)]
struct Candidate {
    service: &'static super::vocabulary::Service,
    strength: Strength,
    score: i32,
    hit: Hit,
    segment: usize,
}

impl Candidate {
    fn start(&self) -> usize {
        self.hit.at.first().copied().unwrap_or(0)
    }

    fn end(&self) -> usize {
        self.hit.at.last().copied().unwrap_or(0)
    }
}

/// Whether a folded word belongs to the vocabulary of services.
pub fn is_vocabulary(word: &str) -> bool {
    VOCABULARY.knows(word)
}

/// The category a text hints at.
pub fn category_of(reading: &Reading) -> Option<&'static str> {
    VOCABULARY
        .categories
        .iter()
        .filter_map(|category| {
            let first = category
                .phrases
                .iter()
                .flat_map(|phrase| hits(&reading.tokens, phrase))
                .filter_map(|hit| hit.at.first().copied())
                .min()?;
            Some((first, category.id.as_str()))
        })
        .min()
        .map(|(_, id)| id)
}

/// Reads the service and its specializations; their tokens are claimed.
pub fn find(reading: &mut Reading, before: &Before) -> Said {
    let here = category_of(reading);
    let known = before.service.and_then(|id| VOCABULARY.service(id)).map(|service| service.category.as_str());
    let context: Vec<&str> = here.into_iter().chain(before.category).chain(known).collect();
    let (candidates, denied) = candidates(reading, &context);
    for i in denied {
        reading.claim(i..i + 1, Claim::Manner);
    }
    let chosen = choose(reading, &candidates, before);
    let service = chosen.map(|c| c.service.id.clone());
    let claimed: Vec<usize> = chosen
        .map(|best| {
            candidates
                .iter()
                .filter(|c| {
                    c.service.id == best.service.id || (c.start() <= best.end() && best.start() <= c.end())
                })
                .flat_map(|c| c.hit.at.clone())
                .collect()
        })
        .unwrap_or_default();
    for i in claimed {
        reading.claim(i..i + 1, Claim::Service);
    }
    let others = match chosen {
        Some(best) => others(reading, &candidates, best),
        None => additions(reading, &candidates, before),
    };
    let category = service
        .as_deref()
        .or(before.service)
        .and_then(|id| VOCABULARY.service(id))
        .map(|s| s.category.clone())
        .or_else(|| here.map(str::to_owned))
        .or_else(|| before.category.map(str::to_owned));
    let specializations =
        category.as_deref().map(|category| specializations(reading, category)).unwrap_or_default();
    Said {
        category: if service.is_none() && before.service.is_none() {
            category.filter(|_| here.is_some())
        } else {
            None
        },
        service,
        specializations,
        others,
    }
}

/// Services besides the first, joined to it by "and" and the like, in the user's words: a request is for one service.
fn others(reading: &mut Reading, candidates: &[Candidate], best: &Candidate) -> Vec<String> {
    let mut found: Vec<&Candidate> = Vec::new();
    for other in candidates {
        let apart = other.start() > best.end() && found.iter().all(|f| other.start() > f.end());
        if other.strength == Strength::Strong
            && other.service.id != best.service.id
            && apart
            && is_joined(reading, other.start())
        {
            found.push(other);
        }
    }
    let ranges: Vec<_> = found.iter().map(|c| c.start()..c.end() + 1).collect();
    ranges
        .into_iter()
        .map(|range| {
            reading.claim(range.clone(), Claim::Service);
            format!("also {}", reading.words(range))
        })
        .collect()
}

/// All phrases of services in a text, and the tokens of denied ones.
fn candidates(reading: &Reading, context: &[&str]) -> (Vec<Candidate>, Vec<usize>) {
    let (mut found, mut denied) = (Vec::new(), Vec::new());
    for service in &VOCABULARY.services {
        for (phrase, strength) in &service.phrases {
            if *strength == Strength::Context && !context.contains(&service.category.as_str()) {
                continue;
            }
            for hit in hits(&reading.tokens, phrase) {
                let first = hit.at.first().copied().unwrap_or(0);
                if hit.at.iter().any(|i| matches!(reading.claimed(*i), Some(Claim::Name | Claim::Place))) {
                    continue;
                }
                if reading.is_denied(first) {
                    denied.extend(hit.at);
                    continue;
                }
                let words = i32::try_from(phrase.words.len()).unwrap_or(1);
                let gap = i32::try_from(hit.gap).unwrap_or(0);
                let base = match strength {
                    Strength::Strong => 10 * words,
                    Strength::Context => 14,
                    Strength::Weak => 0,
                };
                found.push(Candidate {
                    service,
                    strength: *strength,
                    score: base + service.rank - 2 * gap,
                    segment: reading.segment(hit.at.last().copied().unwrap_or(0)),
                    hit,
                });
            }
        }
    }
    found.sort_by_key(|c| (c.start(), -c.score));
    (found, denied)
}

/// The last corrected part that names a service decides; in it, what is asked for before what is only told, strong before weak
/// phrases, and of those the best of the first that overlap. Weak words count only where nothing else is said, and change a
/// service that is already known only when asked for or in a correction.
fn choose<'c>(reading: &Reading, candidates: &'c [Candidate], before: &Before) -> Option<&'c Candidate> {
    let asked = before.asked.contains(&Question::Service);
    let counts = |c: &&Candidate| match before.service {
        None => true,
        Some(known) if known == c.service.id => true,
        Some(_) if is_addition(reading, c.start()) => false,
        Some(_) if level(reading, c) < 2 => false,
        Some(_) => c.strength == Strength::Strong || asked || (c.segment > 0 && c.strength == Strength::Weak),
    };
    let usable: Vec<&Candidate> = candidates.iter().filter(counts).collect();
    let strong: Vec<&Candidate> =
        usable.iter().copied().filter(|c| c.strength > Strength::Weak && level(reading, c) > 1).collect();
    let last_strong = strong.iter().map(|c| c.segment).max();
    let last_any = usable.iter().map(|c| c.segment).max()?;
    let mut pool: Vec<&Candidate> = match last_strong {
        Some(last) if last >= last_any || last_any == 0 => {
            strong.into_iter().filter(|c| c.segment == last).collect()
        }
        _ => usable.into_iter().filter(|c| c.segment == last_any).collect(),
    };
    // "Clean my flat … a move-out clean": the more special one is meant, unless it comes on top.
    let special = pool.iter().copied().find(|c| {
        c.service.rank > 1
            && c.service.category == GENERAL_OF
            && level(reading, c) > 2
            && !is_joined(reading, c.start())
    });
    if special.is_some() {
        pool.retain(|c| c.service.category != GENERAL_OF || c.service.rank > 1);
    }
    let surest = pool.iter().map(|c| level(reading, c)).max()?;
    pool.retain(|c| level(reading, c) == surest);
    let mut best = *pool.first()?;
    let mut reach = best.end();
    for candidate in &pool {
        // Of two hints side by side the second is the head: an "anniversary party" is a party.
        let head = candidate.strength == Strength::Context && candidate.start() == reach + 1;
        if candidate.start() > reach && !head {
            break;
        }
        reach = reach.max(candidate.end());
        if candidate.score > best.score || head {
            best = candidate;
        }
    }
    Some(best)
}

/// The category one service of which, of rank 1, is named by words that the others share.
const GENERAL_OF: &str = "home_cleaning";

/// Whether "and" and the like stand before `at`.
fn is_joined(reading: &Reading, at: usize) -> bool {
    (1..=3)
        .take_while(|back| {
            at.checked_sub(*back)
                .is_some_and(|k| !reading.tokens.get(k).is_some_and(super::words::Token::is_break))
        })
        .any(|back| {
            at.checked_sub(back).is_some_and(|k| {
                matches!(reading.norm(k), "and" | "plus" | "also" | "then" | "including")
                    || reading.is_sign(k, "&")
                    || reading.is_sign(k, "+")
            })
        })
}

/// How surely a phrase is the wish: 0 a weak word, 1 told of the past or of others, 2 a hint, 3 by itself, 4 asked for.
fn level(reading: &Reading, candidate: &Candidate) -> u8 {
    let told = candidate.hit.at.iter().filter(|i| reading.stance(**i).told).count();
    let asked = candidate.hit.at.iter().any(|i| reading.stance(*i).asked);
    let dismissed = reading.is_dismissed(candidate.end() + 1);
    match candidate.strength {
        _ if told > 0 || dismissed => u8::from(candidate.strength > Strength::Weak),
        Strength::Weak => {
            if asked {
                2
            } else {
                0
            }
        }
        Strength::Context => 2,
        Strength::Strong if asked => 4,
        Strength::Strong => 3,
    }
}

/// Services besides the known one, in the user's words.
fn additions(reading: &mut Reading, candidates: &[Candidate], before: &Before) -> Vec<String> {
    let other = candidates
        .iter()
        .filter(|c| {
            before.service.is_some_and(|known| known != c.service.id) && is_addition(reading, c.start())
        })
        .max_by_key(|c| c.score);
    let Some(other) = other else { return Vec::new() };
    let range = other.start()..other.end() + 1;
    reading.claim(range.clone(), Claim::Service);
    vec![format!("also {}", reading.words(range))]
}

/// "Also my nails", "and a beard trim too": a wish besides the service that is known.
fn is_addition(reading: &Reading, at: usize) -> bool {
    let before =
        (at.saturating_sub(5)..at).any(|k| matches!(reading.norm(k), "also" | "plus" | "additionally"));
    let after =
        (at..at + 5).any(|k| matches!(reading.norm(k), "too" | "also") || reading.says(k, &["as", "well"]));
    before || after
}

fn specializations(reading: &mut Reading, category: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut claims: Vec<usize> = Vec::new();
    for (name, ways) in VOCABULARY.specializations.get(category).into_iter().flatten() {
        let hit = ways
            .iter()
            .flat_map(|phrase| hits(&reading.tokens, phrase))
            .filter(|hit| {
                hit.gap <= 1
                    && !reading.is_denied(hit.at.first().copied().unwrap_or(0))
                    && !hit.at.iter().any(|i| {
                        matches!(reading.claimed(*i), Some(Claim::Place | Claim::Time | Claim::Name))
                    })
            })
            .max_by_key(|hit| hit.at.len());
        if let Some(hit) = hit {
            found.push((hit.at.first().copied().unwrap_or(0), name.clone()));
            claims.extend(hit.at);
        }
    }
    // Curl types: "3B curls", "4c hair".
    for i in 0..reading.tokens.len() {
        let number = reading
            .tokens
            .get(i)
            .is_some_and(|t| t.kind == Kind::Number && matches!(t.text.as_str(), "2" | "3" | "4"));
        let letter =
            reading.tokens.get(i + 1).is_some_and(|t| t.glued && matches!(t.norm.as_str(), "a" | "b" | "c"));
        if category == "hair_beauty" && number && letter {
            let end = if matches!(reading.norm(i + 2), "curls" | "hair" | "coils" | "curl") {
                i + 3
            } else {
                i + 2
            };
            found.retain(|(_, name)| name != "curly hair");
            found.push((i, reading.words(i..end).to_owned()));
            claims.extend(i..end);
        }
    }
    for i in claims {
        if reading.is_free(i) {
            reading.claim(i..i + 1, Claim::Specialization);
        }
    }
    // "every two weeks" also holds the words "every week".
    if found.iter().any(|(_, name)| name == "biweekly") {
        found.retain(|(_, name)| name != "weekly");
    }
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests;
