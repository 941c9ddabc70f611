//! What came of it: figures with intervals, targets and verdicts.

use std::collections::{BTreeMap, HashSet};

use super::measures::{Figure, TOP, bootstrap, ndcg};

/// What is compared; the matcher first.
pub const RANKINGS: [&str; 4] = ["matcher", "weights 30/20/20/15/15", "BM25", "by chance"];
/// How far above the baselines the matcher's NDCG@10 is to be.
const LEAD: f64 = 0.08;
/// Newcomers' share of the first ten, as a share of their share among the feasible.
const NEWCOMERS: f64 = 0.7;

/// A request that was judged.
pub struct Judged {
    /// The feasible providers by number, with their grades.
    pub grades: BTreeMap<usize, u8>,
    /// Which of them nobody has reviewed.
    pub newcomers: HashSet<usize>,
    /// In the order of [`RANKINGS`].
    pub rankings: [Vec<usize>; RANKINGS.len()],
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
        let all: Vec<u8> = self.grades.values().copied().collect();
        let first = |ranking: &[usize]| ranking.iter().take(TOP).copied().collect::<Vec<_>>();
        // Whom the harness thinks infeasible is of no use.
        let grade = |at: &usize| self.grades.get(at).copied().unwrap_or(0);
        let ndcg = |ranking: &Vec<usize>| ndcg(&first(ranking).iter().map(grade).collect::<Vec<_>>(), &all);
        let share = |ranking: &Vec<usize>| {
            let first = first(ranking);
            first.iter().filter(|at| self.newcomers.contains(at)).count() as f64 / first.len().max(1) as f64
        };
        ndcg(&self.rankings[0])?;
        Some(Measured {
            ndcg: self.rankings.each_ref().map(|ranking| ndcg(ranking).unwrap_or(0.0)),
            newcomers: self.rankings.each_ref().map(share),
            newcomers_of_all: self.newcomers.len() as f64 / self.grades.len() as f64,
        })
    }
}

/// A target, what it is held against, and whether it is met.
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
    /// Of the requests with enough feasible providers.
    measured: Vec<Measured>,
    enough: usize,
    /// Grades of all feasible pairs, 0 to 4.
    grades: [usize; 5],
    feasible: usize,
    /// On how many requests the product's filter leaves as many as the harness does.
    agreed: usize,
    /// How many were routed that the harness thinks infeasible.
    infeasible: usize,
}

impl Report {
    /// Counts what counts: requests with enough feasible providers, of whom any is of use.
    pub fn new(seed: u64, judged: Vec<Judged>, enough: usize) -> Self {
        let posted = judged.len();
        let agreed = judged.iter().filter(|one| one.considered == one.grades.len()).count();
        let infeasible =
            |one: &Judged| one.rankings[0].iter().filter(|at| !one.grades.contains_key(at)).count();
        let infeasible = judged.iter().map(infeasible).sum();
        let counted: Vec<Judged> = judged.into_iter().filter(|one| one.grades.len() >= enough).collect();
        let mut grades = [0; 5];
        counted.iter().flat_map(|one| one.grades.values()).for_each(|grade| grades[usize::from(*grade)] += 1);
        let feasible = grades.iter().sum();
        let measured = counted.iter().filter_map(Judged::measured).collect();
        Self { seed, posted, measured, enough, grades, feasible, agreed, infeasible }
    }

    /// Whether every target is met.
    pub fn all_met(&self) -> bool {
        self.verdicts().iter().all(|verdict| verdict.is_met)
    }

    /// Tables for people.
    pub fn markdown(&self) -> String {
        let count = self.measured.len();
        let mut lines = vec![
            format!("## Matching, seed {}", self.seed),
            String::new(),
            format!(
                "{count} of {} requests have at least {} feasible providers ({:.1} on average). Grades 0 to 4 of the pairs: {}. \
                 95 % intervals by bootstrap over requests.",
                self.posted,
                self.enough,
                self.feasible as f64 / count.max(1) as f64,
                self.grades.map(|n| format!("{:.0} %", 100.0 * n as f64 / self.feasible.max(1) as f64)).join(", "),
            ),
            String::new(),
            "| ranking | NDCG@10 | matcher above it | newcomers in the first ten | of their share among the feasible |".into(),
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
            "\nThe product's filter left as many providers as the harness's on {} of {} requests.",
            self.agreed, self.posted
        ));
        lines.join("\n")
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
        vec![
            above(1),
            above(2),
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
        ]
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

fn shown(figure: Figure) -> String {
    format!("{:.3} [{:.3}, {:.3}]", figure.value, figure.interval.0, figure.interval.1)
}
