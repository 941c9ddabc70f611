//! Where the samples of a track are: in chunks, of so many samples each (ISO/IEC 14496-12 8.7).

use std::ops::Range;

use super::{Film, Part, Refused};

/// The largest table that is read: 64 bits for each of a million samples.
const TABLE_MAX: u64 = 8 * 1_024 * 1_024;

impl Film {
    /// The ranges that a table of samples says are its track's, each byte once however often it is said.
    pub(super) fn samples(&mut self, stbl: &Part) -> Result<Vec<Range<u64>>, Refused> {
        let parts = self.parts(stbl.inside.clone())?;
        let of = |name: &[u8; 4]| parts.iter().find(|part| part.name == *name);
        let (offsets, wide) = match (of(b"stco"), of(b"co64")) {
            (Some(offsets), _) => (self.table(offsets)?, false),
            (None, Some(offsets)) => (self.table(offsets)?, true),
            (None, None) => return Ok(Vec::new()),
        };
        let (Some(runs), Some(sizes)) = (of(b"stsc"), of(b"stsz")) else {
            return Err(Refused::because("a track that does not say where its samples are"));
        };
        let (runs, sizes) = (self.table(runs)?, self.table(sizes)?);
        let runs: Vec<[u32; 3]> =
            words(&runs, 8).collect::<Vec<_>>().chunks_exact(3).map(|run| [run[0], run[1], run[2]]).collect();
        let mut sizes =
            Sizes { same: words(&sizes, 4).next().unwrap_or(0), each: words(&sizes, 12).collect(), next: 0 };
        let offsets: Vec<u64> = match wide {
            true => offsets.get(8..).unwrap_or_default().chunks_exact(8).map(be_64).collect(),
            false => words(&offsets, 8).map(u64::from).collect(),
        };
        let mut ranges = Vec::new();
        let mut run = 0;
        for (at, offset) in offsets.into_iter().enumerate() {
            while runs.get(run + 1).is_some_and(|next| next[0] as usize <= at + 1) {
                run += 1;
            }
            let count = runs.get(run).map_or(0, |run| run[1]);
            ranges.push(offset..offset.saturating_add(sizes.of(count)));
        }
        Ok(merged(ranges))
    }

    fn table(&mut self, part: &Part) -> Result<Vec<u8>, Refused> {
        if part.inside.end - part.inside.start > TABLE_MAX {
            return Err(Refused::because("a table of samples that is too long"));
        }
        self.read(part, TABLE_MAX)
    }
}

/// The same ranges, in order and without what several have in common.
pub(super) fn merged(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut merged: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The sizes of samples, in order: all the same, or of each.
struct Sizes {
    same: u32,
    each: Vec<u32>,
    next: usize,
}

impl Sizes {
    /// Of the next so many together.
    fn of(&mut self, count: u32) -> u64 {
        if self.same != 0 {
            return u64::from(self.same) * u64::from(count);
        }
        let begin = self.next.min(self.each.len());
        let end = begin.saturating_add(count as usize).min(self.each.len());
        self.next = end;
        self.each[begin..end].iter().map(|size| u64::from(*size)).sum()
    }
}

/// The numbers of a table from a byte on.
fn words(table: &[u8], from: usize) -> impl Iterator<Item = u32> {
    let words = table.get(from..).unwrap_or_default().chunks_exact(4);
    words.map(|word| word.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn be_64(word: &[u8]) -> u64 {
    word.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
