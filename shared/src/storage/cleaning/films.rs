//! MP4 (ISO/IEC 14496-12): boxes of which we know that they are needed to play it stay where they are; all others become
//! empty space of the same size, so that nothing moves. Tracks that are neither picture nor sound (text, and what cameras
//! write down about where they fly) go; so does all data that is no sample of picture or sound, as some cameras write their
//! place between those. Times and names of devices are set to zero. Of a film in fragments all data stays.

mod samples;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;

use super::{Cleaned, Refused};
use crate::storage::Format;

/// More boxes, or deeper ones, are made to take long.
const MOST_BOXES: usize = 20_000;
/// The most boxes of data of a film that does not come in fragments; usual is one.
const MOST_DATA: usize = 16;
/// What is held in memory of a box that is looked at.
const SMALL: u64 = 4_096;

/// What stands at the top.
const TOP: &[&[u8; 4]] = &[b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"styp"];

/// Which boxes stay in which; those without an entry are not looked into.
const KEPT: &[(&[u8; 4], &[&[u8; 4]])] = &[
    (b"moov", &[b"mvhd", b"trak", b"mvex"]),
    (b"trak", &[b"tkhd", b"tref", b"edts", b"mdia"]),
    (b"edts", &[b"elst"]),
    (b"mdia", &[b"mdhd", b"hdlr", b"elng", b"minf"]),
    (b"minf", &[b"vmhd", b"smhd", b"nmhd", b"dinf", b"stbl"]),
    (
        b"stbl",
        &[
            b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss",
            b"stsh", b"padb", b"stdp", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio",
        ],
    ),
    (b"mvex", &[b"mehd", b"trex", b"leva"]),
    (b"moof", &[b"mfhd", b"traf"]),
    (b"traf", &[b"tfhd", b"tfdt", b"trun", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"]),
];

/// Brands of films that browsers play; `qt  `, pictures in such boxes and sound alone are others.
const BRANDS: &[&[u8; 4]] = &[
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42",
    b"avc1", b"M4V ", b"M4VH", b"MSNV", b"dash",
];

/// A box: where it begins, where what it holds begins, where it ends.
#[derive(Clone, Debug)]
struct Part {
    name: [u8; 4],
    begin: u64,
    inside: Range<u64>,
}

/// Cleans a film in its file.
pub(super) fn clean(file: File) -> Result<Cleaned, Refused> {
    let bytes = file.metadata()?.len();
    let mut film = Film { file, bytes, boxes: 0, size: None, tracks: 0 };
    film.clean()?;
    Ok(Cleaned { format: Format::Mp4, size: film.size, file: film.file, bytes, thumb: None })
}

struct Film {
    file: File,
    bytes: u64,
    boxes: usize,
    size: Option<(u32, u32)>,
    tracks: u32,
}

impl Film {
    fn clean(&mut self) -> Result<(), Refused> {
        let top = self.parts(0..self.bytes)?;
        let all = |name: &[u8; 4]| top.iter().filter(|part| part.name == *name).collect::<Vec<_>>();
        let [head, ..] = top.as_slice() else { return Err(Refused::because("it is empty")) };
        self.check_brands(head)?;
        let [moov] = all(b"moov")[..] else { return Err(Refused::because("not one box moov")) };
        let data = all(b"mdat");
        if data.is_empty() {
            return Err(Refused::because("a film without data"));
        }
        let data: Vec<Range<u64>> = data.iter().map(|part| part.inside.clone()).collect();
        let in_fragments = !all(b"moof").is_empty();
        if data.len() > MOST_DATA && !in_fragments {
            return Err(Refused::because("its data is in too many boxes"));
        }
        for part in &top {
            if !TOP.contains(&&part.name) {
                self.blank(part)?;
            } else if part.name == *b"moof" {
                self.keep_known(part)?;
            }
        }
        let mut kept = Vec::new();
        for track in self.parts(moov.inside.clone())?.iter().filter(|part| part.name == *b"trak") {
            kept.extend(self.clean_track(track, in_fragments)?);
        }
        if !in_fragments {
            self.zero_between(&samples::merged(kept), &data)?;
        }
        if self.tracks == 0 {
            return Err(Refused::because("no picture in it"));
        }
        self.keep_known(moov)
    }

    fn check_brands(&mut self, head: &Part) -> Result<(), Refused> {
        let said = self.read(head, SMALL)?;
        let mut brands = said.chunks_exact(4);
        let major = brands.next().unwrap_or_default();
        // The second is a version.
        let is_film = brands.skip(1).chain([major]).any(|brand| BRANDS.iter().any(|known| *known == brand));
        if head.name != *b"ftyp" || major == b"qt  " || !is_film {
            return Err(Refused::because("it does not begin as a film"));
        }
        Ok(())
    }

    /// Where the samples of a track are. Notes how large the picture is; takes a track out that is neither picture nor sound.
    fn clean_track(&mut self, track: &Part, in_fragments: bool) -> Result<Vec<Range<u64>>, Refused> {
        let inside = self.parts(track.inside.clone())?;
        let of = |parts: &[Part], name: &[u8; 4]| parts.iter().find(|part| part.name == *name).cloned();
        let mdia = of(&inside, b"mdia").ok_or_else(|| Refused::because("a track without media"))?;
        let mdia = self.parts(mdia.inside)?;
        let handler = of(&mdia, b"hdlr").ok_or_else(|| Refused::because("a track of no kind"))?;
        match self.read(&handler, SMALL)?.get(8..12) {
            Some(b"vide") => {
                self.tracks += 1;
                if let Some(header) = of(&inside, b"tkhd") {
                    let header = self.read(&header, SMALL)?;
                    self.size = self.size.or(size(&header));
                }
            }
            Some(b"soun") => {}
            // Where its samples are is said all over the film then.
            _ if in_fragments => {
                return Err(Refused::because("a track in fragments that is neither picture nor sound"));
            }
            _ => {
                self.blank(track)?;
                return Ok(Vec::new());
            }
        }
        let Some(minf) = of(&mdia, b"minf") else { return Ok(Vec::new()) };
        let Some(stbl) = of(&self.parts(minf.inside)?, b"stbl") else { return Ok(Vec::new()) };
        if in_fragments { Ok(Vec::new()) } else { self.samples(&stbl) }
    }

    /// Sets the data that is not to be kept to zero; what is kept comes in order.
    fn zero_between(&mut self, kept: &[Range<u64>], data: &[Range<u64>]) -> Result<(), Refused> {
        for data in data {
            let mut at = data.start;
            for kept in kept {
                self.zero(at..kept.start.min(data.end))?;
                at = at.max(kept.end);
            }
            self.zero(at..data.end)?;
        }
        Ok(())
    }

    /// Leaves only what is known in a box, all the way down.
    fn keep_known(&mut self, part: &Part) -> Result<(), Refused> {
        match &part.name {
            // Made and changed at: four bytes each, or eight (14496-12 8.2.2, 8.3.2, 8.4.2).
            b"mvhd" | b"tkhd" | b"mdhd" => {
                let version = self.read(part, 1)?;
                let times = if version == [1] { 16 } else { 8 };
                self.zero(part.inside.start + 4..(part.inside.start + 4 + times).min(part.inside.end))?;
            }
            // What the handler is called.
            b"hdlr" => self.zero(part.inside.start + 24..part.inside.end)?,
            _ => {}
        }
        let Some((_, kept)) = KEPT.iter().find(|(name, _)| **name == part.name) else { return Ok(()) };
        for inner in self.parts(part.inside.clone())? {
            if kept.contains(&&inner.name) {
                self.keep_known(&inner)?;
            } else {
                self.blank(&inner)?;
            }
        }
        Ok(())
    }

    /// The boxes of a part of the file, which they fill.
    fn parts(&mut self, range: Range<u64>) -> Result<Vec<Part>, Refused> {
        let mut parts = Vec::new();
        let mut begin = range.start;
        while begin < range.end {
            self.boxes += 1;
            if self.boxes > MOST_BOXES {
                return Err(Refused::because("it has too many boxes"));
            }
            let mut head = [0; 8];
            self.read_at(begin, &mut head)?;
            let [s3, s2, s1, s0, name @ ..] = head;
            let (size, header) = match u32::from_be_bytes([s3, s2, s1, s0]) {
                // To the end of the file, which the last at the top may be.
                0 if range.end == self.bytes => (range.end - begin, 8),
                1 => {
                    let mut size = [0; 8];
                    self.read_at(begin + 8, &mut size)?;
                    (u64::from_be_bytes(size), 16)
                }
                size => (size.into(), 8),
            };
            let end = begin.checked_add(size).filter(|end| size >= header && *end <= range.end);
            let end =
                end.ok_or_else(|| Refused::because("it is cut off, or a box is larger than what holds it"))?;
            parts.push(Part { name, begin, inside: begin + header..end });
            begin = end;
        }
        Ok(parts)
    }

    /// What a box holds, at most so much of it.
    fn read(&mut self, part: &Part, most: u64) -> Result<Vec<u8>, Refused> {
        let mut bytes = vec![0; (part.inside.end - part.inside.start).min(most) as usize];
        self.read_at(part.inside.start, &mut bytes)?;
        Ok(bytes)
    }

    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> Result<(), Refused> {
        self.file.seek(SeekFrom::Start(at))?;
        Ok(self.file.read_exact(bytes)?)
    }

    /// Makes a box empty space.
    fn blank(&mut self, part: &Part) -> Result<(), Refused> {
        self.file.seek(SeekFrom::Start(part.begin + 4))?;
        self.file.write_all(b"free")?;
        self.zero(part.inside.clone())
    }

    fn zero(&mut self, range: Range<u64>) -> Result<(), Refused> {
        if range.is_empty() {
            return Ok(());
        }
        let zeros = [0; 64 * 1_024];
        let mut at = range.start;
        self.file.seek(SeekFrom::Start(at))?;
        while at < range.end {
            let some = (range.end - at).min(zeros.len() as u64);
            self.file.write_all(&zeros[..some as usize])?;
            at += some;
        }
        Ok(())
    }
}

/// How large a track's picture is as it is seen, by its header: sides in 16.16, behind a matrix that may turn it by a
/// quarter (14496-12 8.3.2).
fn size(header: &[u8]) -> Option<(u32, u32)> {
    let (_, end) = header.split_at_checked(header.len().checked_sub(44)?)?;
    let word = |at: usize| end.get(at * 4..at * 4 + 4)?.first_chunk().map(|word| u32::from_be_bytes(*word));
    let (a, b, width, height) = (word(0)?, word(1)?, word(9)? >> 16, word(10)? >> 16);
    let turned = a == 0 && b != 0;
    let size = if turned { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some(size)
}
