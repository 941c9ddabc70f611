//! What came of it: figures with intervals, targets and verdicts.

use std::collections::{BTreeMap, BTreeSet};

use super::baselines::PARTS;
use super::measures::{Figure, TOP, bootstrap, correlation, ndcg};

/// What is compared; the product first.
pub const RANKINGS: [&str; 6] = [
    "Proxie",
    "Proxie with vectors of the offline model",
    "weights 30/20/20/15/15",
    "the same, if it knew what phrases mean",
    "BM25",
    "by chance",
];
/// Those of [`RANKINGS`] that the product is to be better than.
const HELD_AGAINST: [usize; 2] = [2, 4];
/// How far above the baselines the product's NDCG@10 is to be.
const LEAD: f64 = 0.08;
/// Newcomers' share of the first ten, as a share of their share among the feasible.
const NEWCOMERS: f64 = 0.7;

/// Somebody who might do what is asked for.
pub struct Feasible {
    /// What would come of it, from 0 to 1.
    pub worth: f64,
    /// The same as a grade, 0 to 4.
    pub grade: u8,
    /// Whether nobody has reviewed them.
    pub is_newcomer: bool,
    /// What they show, as the fixed weights see it.
    pub parts: [f64; PARTS.len()],
    /// How much of what is needed they name, whatever they call it.
    pub meaning: f64,
}

/// A request that was judged.
pub struct Judged {
    /// The feasible providers by number.
    pub feasible: BTreeMap<usize, Feasible>,
    /// In the order of [`RANKINGS`].
    pub rankings: [Vec<usize>; RANKINGS.len()],
    /// The product's factors of those to whom it routed, without vectors.
    pub factors: Vec<(usize, BTreeMap<String, f64>)>,
    /// How many the product's filter left.
    pub considered: usize,
}

/// A request's part in the figures.
struct Measured {
    ndcg: [f64; RANKINGS.len()],
    /// Newcomers' share of the first ten.
    newcomers: [f64; RANKINGS.len()],
    /// Newcomers' share among the feasible.
    newcomers_of_all: f64,
}

impl Judged {
    /// What it counts for; nothing where nobody is of any use.
    fn measured(&self) -> Option<Measured> {
        let all: Vec<u8> = self.feasible.values().map(|one| one.grade).collect();
        let first = |ranking: &[usize]| ranking.iter().take(TOP).copied().collect::<Vec<_>>();
        // Whom the harness thinks infeasible is of no use.
        let grade = |at: &usize| self.feasible.get(at).map_or(0, |one| one.grade);
        let is_new = |at: &&usize| self.feasible.get(*at).is_some_and(|one| one.is_newcomer);
        let ndcg = |ranking: &Vec<usize>| ndcg(&first(ranking).iter().map(grade).collect::<Vec<_>>(), &all);
        let share = |ranking: &Vec<usize>| {
            let first = first(ranking);
            first.iter().filter(is_new).count() as f64 / first.len().max(1) as f64
        };
        ndcg(&self.rankings[0])?;
        Some(Measured {
            ndcg: self.rankings.each_ref().map(|ranking| ndcg(ranking).unwrap_or(0.0)),
            newcomers: self.rankings.each_ref().map(share),
            newcomers_of_all: self.feasible.keys().filter(is_new).count() as f64 / all.len() as f64,
        })
    }
}

/// A target, what it is held against, and whether it is met.
#[derive(Clone)]
struct Verdict {
    what: String,
    target: String,
    measured: String,
    is_met: bool,
}

/// All figures of a world.
pub struct Report {
    seed: u64,
    posted: usize,
    /// Those with enough feasible providers.
    counted: Vec<Judged>,
    /// What came of these; nothing of one where nobody is of any use.
    measured: Vec<Measured>,
    enough: usize,
    /// How many the product's filter and the harness's left, over all requests.
    left: [usize; 2],
    /// On how many requests both left as many.
    agreed: usize,
    /// How many were routed that the harness thinks infeasible.
    infeasible: usize,
}

impl Report {
    /// Counts what counts: requests with enough feasible providers, of whom any is of use.
    pub fn new(seed: u64, judged: Vec<Judged>, enough: usize) -> Self {
        let posted = judged.len();
        let agreed = judged.iter().filter(|one| one.considered == one.feasible.len()).count();
        let left = [
            judged.iter().map(|one| one.considered).sum(),
            judged.iter().map(|one| one.feasible.len()).sum(),
        ];
        let routed = |one: &Judged| [one.rankings[0].clone(), one.rankings[1].clone()].concat();
        let infeasible =
            |one: &Judged| routed(one).iter().filter(|at| !one.feasible.contains_key(at)).count();
        let infeasible = judged.iter().map(infeasible).sum();
        let counted: Vec<Judged> = judged.into_iter().filter(|one| one.feasible.len() >= enough).collect();
        let measured = counted.iter().filter_map(Judged::measured).collect();
        Self { seed, posted, counted, measured, enough, left, agreed, infeasible }
    }

    fn feasible(&self) -> impl Iterator<Item = &Feasible> {
        self.counted.iter().flat_map(|one| one.feasible.values())
    }

    /// Whether every target is met.
    pub fn all_met(&self) -> bool {
        self.verdicts().iter().all(|verdict| verdict.is_met)
    }

    /// Tables for people.
    pub fn markdown(&self) -> String {
        let count = self.measured.len();
        let feasible = self.feasible().count();
        let of_grade = |grade: usize| self.feasible().filter(|one| usize::from(one.grade) == grade).count();
        let mut lines = vec![
            format!("### Matching, seed {}", self.seed),
            String::new(),
            format!(
                "{count} of {} requests have at least {} feasible providers ({:.1} on average). Grades 0 to 4 of the pairs: {}. \
                 95 % intervals by bootstrap over requests.",
                self.posted,
                self.enough,
                feasible as f64 / count.max(1) as f64,
                [0, 1, 2, 3, 4].map(|grade| percent(of_grade(grade), feasible)).join(", "),
            ),
            String::new(),
            "| ranking | NDCG@10 | Proxie above it | newcomers in the first ten | of their share among the feasible |".into(),
            "|---|--:|--:|--:|--:|".into(),
        ];
        if count == 0 {
            return lines.join("\n");
        }
        for (at, name) in RANKINGS.iter().enumerate() {
            let above = if at == 0 { String::new() } else { shown(self.above(at)) };
            let share = self.mean(|one| one.newcomers[at]);
            lines.push(format!(
                "| {name} | {} | {above} | {:.1} % | {} |",
                shown(self.mean(|one| one.ndcg[at])),
                100.0 * share.value,
                shown(self.newcomers(at)),
            ));
        }
        lines.extend([String::new(), "| target | | measured | verdict |".into(), "|---|--:|--:|---|".into()]);
        for Verdict { what, target, measured, is_met } in self.verdicts() {
            let verdict = if is_met { "met" } else { "**missed**" };
            lines.push(format!("| {what} | {target} | {measured} | {verdict} |"));
        }
        lines.push(format!(
            "\nThe product's filter left {:.1} providers on average, the harness's {:.1}; as many on {} of {} requests.\n",
            self.left[0] as f64 / self.posted as f64,
            self.left[1] as f64 / self.posted as f64,
            self.agreed,
            self.posted
        ));
        lines.extend(self.explained());
        lines.join("\n")
    }

    /// What goes together with what would come of it, within requests.
    fn explained(&self) -> Vec<String> {
        let named = || self.feasible().filter(|one| one.meaning > 0.0);
        let mut lines = vec![
            format!(
                "Of the feasible who name what is needed, {} use no word of the request for it.",
                percent(named().filter(|one| one.parts[0] == 0.0).count(), named().count())
            ),
            String::new(),
            "| what is shown | its correlation with the worth, over all feasible |".into(),
            "|---|--:|".into(),
        ];
        let mut shown = |name: &str, of: &dyn Fn(&Feasible) -> f64| {
            let pairs = |one: &Judged| one.feasible.values().map(|one| (of(one), one.worth)).collect();
            lines.push(format!("| {name} | {:.2} |", correlation(self.counted.iter().map(pairs))));
        };
        for (at, (name, _)) in PARTS.iter().enumerate() {
            shown(name, &|one| one.parts[at]);
        }
        shown("specialization, if its meaning were known", &|one| one.meaning);
        lines.extend([
            String::new(),
            "| factor of Proxie | its correlation with the worth, over the routed |".into(),
            "|---|--:|".into(),
        ]);
        let factors = self.counted.iter().flat_map(|one| &one.factors);
        let names: BTreeSet<&String> = factors.flat_map(|(_, factors)| factors.keys()).collect();
        for name in names {
            let pair = |one: &Judged, (at, factors): &(usize, BTreeMap<String, f64>)| {
                Some((*factors.get(name)?, one.feasible.get(at)?.worth))
            };
            let pairs = |one: &Judged| one.factors.iter().filter_map(|routed| pair(one, routed)).collect();
            lines.push(format!("| {name} | {:.2} |", correlation(self.counted.iter().map(pairs))));
        }
        lines
    }

    fn verdicts(&self) -> Vec<Verdict> {
        if self.measured.is_empty() {
            let what = "requests that count".to_owned();
            return vec![Verdict { what, target: "> 0".into(), measured: "0".into(), is_met: false }];
        }
        let above = |at: usize| {
            let above = self.above(at);
            Verdict {
                what: format!("NDCG@10 above {}", RANKINGS[at]),
                target: format!("≥ {LEAD}, surely above 0"),
                measured: shown(above),
                is_met: above.value >= LEAD && above.interval.0 > 0.0,
            }
        };
        let newcomers = self.newcomers(0);
        let mut verdicts = HELD_AGAINST.map(above).to_vec();
        verdicts.extend([
            Verdict {
                what: "newcomers' share of the first ten, of that among the feasible".to_owned(),
                target: format!("≥ {NEWCOMERS}"),
                measured: shown(newcomers),
                is_met: newcomers.value >= NEWCOMERS,
            },
            Verdict {
                what: "routed against a hard constraint".to_owned(),
                target: "0".to_owned(),
                measured: self.infeasible.to_string(),
                is_met: self.infeasible == 0,
            },
        ]);
        verdicts
    }

    fn above(&self, at: usize) -> Figure {
        self.mean(|one| one.ndcg[0] - one.ndcg[at])
    }

    fn mean(&self, of: impl Fn(&Measured) -> f64) -> Figure {
        bootstrap(self.measured.len(), |drawn| self.sum(drawn, &of) / drawn.len() as f64)
    }

    /// Newcomers' share of the first ten over their share among the feasible.
    fn newcomers(&self, at: usize) -> Figure {
        bootstrap(self.measured.len(), |drawn| {
            self.sum(drawn, &|one| one.newcomers[at]) / self.sum(drawn, &|one| one.newcomers_of_all)
        })
    }

    fn sum(&self, drawn: &[usize], of: &impl Fn(&Measured) -> f64) -> f64 {
        drawn.iter().map(|at| of(&self.measured[*at])).sum()
    }
}

fn percent(count: usize, of: usize) -> String {
    format!("{:.0} %", 100.0 * count as f64 / of.max(1) as f64)
}

fn shown(figure: Figure) -> String {
    format!("{:.3} [{:.3}, {:.3}]", figure.value, figure.interval.0, figure.interval.1)
}
