//! Legal moves: each noun that has states lists them in one table.

/// The states of a noun.
pub trait State: Copy + PartialEq + Into<&'static str> + 'static {
    /// Every legal move, `(from, to)`.
    const MOVES: &'static [(Self, Self)];

    /// Whether the noun may go on to `to`.
    #[must_use]
    fn may_become(self, to: Self) -> bool {
        Self::MOVES.contains(&(self, to))
    }

    /// Where the noun may go on to.
    #[must_use]
    fn next(self) -> Vec<Self> {
        Self::MOVES.iter().filter(|(from, _)| *from == self).map(|(_, to)| *to).collect()
    }

    /// Whether it stays as it is for ever.
    #[must_use]
    fn is_final(self) -> bool {
        self.next().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use strum::VariantArray;

    use super::*;
    use crate::model::bookings::BookingStatus;
    use crate::model::enrollment::EnrollmentStatus;
    use crate::model::offers::OfferStatus;
    use crate::model::providers::ProviderStatus;
    use crate::model::requests::RequestStatus;

    /// Every pair of states, against the arrows of the contract (§6) as they are drawn there.
    fn agrees<S: State + VariantArray + Debug>(arrows: &str) {
        let mut drawn = Vec::new();
        for line in arrows.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (from, to) = line.split_once(" > ").unwrap_or_default();
            let pairs = from.split(' ').flat_map(|from| to.split(' ').map(move |to| (from, to)));
            drawn.extend(pairs);
        }
        for from in S::VARIANTS {
            for to in S::VARIANTS {
                let (a, b): (&str, &str) = ((*from).into(), (*to).into());
                assert_eq!(from.may_become(*to), drawn.contains(&(a, b)), "{a} > {b}");
            }
        }
        assert_eq!(drawn.len(), S::MOVES.len(), "an arrow between unknown states, or one drawn twice");
    }

    #[test]
    fn the_moves_are_those_of_the_contract() {
        agrees::<RequestStatus>(
            "matching > matched
             matched > offers_received matching
             offers_received > booked matched
             booked > completed matching cancelled
             matching matched offers_received > cancelled expired",
        );
        agrees::<OfferStatus>("pending > accepted declined withdrawn expired");
        agrees::<BookingStatus>("confirmed > completed cancelled no_show");
        agrees::<EnrollmentStatus>(
            "draft > verified pending_verification
             pending_verification > verified rejected
             rejected > draft",
        );
        agrees::<ProviderStatus>(
            "active > paused suspended
             paused > active suspended
             suspended > active",
        );
    }

    #[test]
    fn what_has_ended_stays() {
        let ended: Vec<_> = RequestStatus::VARIANTS.iter().filter(|status| status.is_final()).collect();
        assert_eq!(ended, [&RequestStatus::Completed, &RequestStatus::Cancelled, &RequestStatus::Expired]);
        assert_eq!(OfferStatus::Pending.next().len(), 4);
    }
}
