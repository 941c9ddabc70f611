//! How good rankings are, and how sure that is.

use super::dice::Dice;

/// How many of a ranking are looked at.
pub const TOP: usize = 10;
/// How often the requests are drawn anew.
const DRAWS: usize = 4_000;

/// A figure with its 95 % interval.
#[derive(Clone, Copy)]
pub struct Figure {
    /// As measured.
    pub value: f64,
    /// 95 % of the draws lie between these.
    pub interval: (f64, f64),
}

/// Discounted cumulative gain of the first ten grades: a gain of 2^grade - 1, less the further down.
fn dcg(grades: impl Iterator<Item = u8>) -> f64 {
    let gain = |(at, grade): (usize, u8)| (2_f64.powi(i32::from(grade)) - 1.0) / (at as f64 + 2.0).log2();
    grades.take(TOP).enumerate().map(gain).sum()
}

/// NDCG@10 of grades in the order of a ranking, against the best order of all that there are; none where all are 0.
pub fn ndcg(ranked: &[u8], all: &[u8]) -> Option<f64> {
    let mut best = all.to_vec();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let best = dcg(best.into_iter());
    (best > 0.0).then(|| dcg(ranked.iter().copied()) / best)
}

/// A figure made of the requests, and how it varies when so many requests are drawn again, with replacement. Each draw takes
/// all that belongs to a request together, so that differences are paired.
pub fn bootstrap(requests: usize, figure: impl Fn(&[usize]) -> f64) -> Figure {
    let all: Vec<usize> = (0..requests).collect();
    let mut dice = Dice::new(0, 3);
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let drawn: Vec<usize> = all.iter().map(|_| dice.below(requests)).collect();
            figure(&drawn)
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    Figure { value: figure(&all), interval: (draws[DRAWS * 25 / 1_000], draws[DRAWS * 975 / 1_000]) }
}

/// How far two things go together within requests: Pearson's coefficient of what each is above its mean of the request.
/// Not a number where one of them never differs.
pub fn correlation(requests: impl Iterator<Item = Vec<(f64, f64)>>) -> f64 {
    let (mut of_a, mut of_b, mut of_both) = (0.0, 0.0, 0.0);
    for pairs in requests.filter(|pairs| !pairs.is_empty()) {
        let count = pairs.len() as f64;
        let (sum_a, sum_b) = pairs.iter().fold((0.0, 0.0), |(a, b), pair| (a + pair.0, b + pair.1));
        for (a, b) in pairs.iter().map(|(a, b)| (a - sum_a / count, b - sum_b / count)) {
            of_a += a * a;
            of_b += b * b;
            of_both += a * b;
        }
    }
    of_both / (of_a * of_b).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_order_is_one_and_others_are_less() {
        assert_eq!(ndcg(&[4, 2, 0], &[0, 2, 4]), Some(1.0));
        // (3 / 1) / (3 / 1 + 1 / log2(3)): what is missing counts as nothing.
        let half = ndcg(&[2], &[2, 1]).unwrap_or_default();
        assert!((half - 3.0 / (3.0 + 1.0 / 3_f64.log2())).abs() < 1e-12);
        assert_eq!(ndcg(&[0], &[0, 0]), None);
    }

    #[test]
    fn what_goes_together_within_requests_does_whatever_they_are_themselves() {
        let up = vec![vec![(0.0, 10.0), (1.0, 11.0)], vec![(5.0, 0.0), (6.0, 1.0)]];
        assert!((correlation(up.into_iter()) - 1.0).abs() < 1e-12);
        let down = vec![vec![(0.0, 1.0), (1.0, 0.0)], Vec::new()];
        assert!((correlation(down.into_iter()) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_interval_holds_its_figure() {
        let values = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0];
        let mean = bootstrap(8, |drawn| drawn.iter().map(|at| values[*at]).sum::<f64>() / 8.0);
        assert!((mean.value - 0.5).abs() < 1e-12);
        assert!(mean.interval.0 < 0.5 && 0.5 < mean.interval.1);
    }
}
