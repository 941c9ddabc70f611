//! JPEG (ITU-T T.81, and JFIF): what it takes to decode the picture is copied; all other segments are left out, as is what
//! stands behind the picture's end (a film that moves, a map of depth, an archive).

use std::io::{BufRead, Read, Write};

use super::{PROFILE_MAX, Refused, Told, check_size};

/// A picture in more scans than this is made to take long.
const MOST_SCANS: u32 = 64;
/// The part of a segment APP14 that says how colours are to be read.
const ADOBE: usize = 12;

const EXIF: &[u8] = b"Exif\0\0";
const PROFILE: &[u8] = b"ICC_PROFILE\0";

/// Copies the picture and nothing else.
pub(super) fn strip(from: &mut impl BufRead, to: &mut impl Write) -> Result<Told, Refused> {
    let mut told = Told::default();
    let mut profile = Profile::default();
    let (mut scans, mut frame) = (0, false);
    if bytes::<2>(from)? != [0xFF, 0xD8] {
        return Err(Refused::because("it does not begin as a JPEG"));
    }
    to.write_all(&[0xFF, 0xD8])?;
    let mut next = None;
    loop {
        let marker = match next.take() {
            Some(marker) => marker,
            None => marker(from)?,
        };
        match marker {
            0xD9 if scans > 0 => {
                to.write_all(&[0xFF, 0xD9])?;
                return Ok(told);
            }
            // Baseline, extended and progressive, in Huffman's coding.
            0xC0..=0xC2 if !frame => {
                let segment = segment(from)?;
                frame = true;
                read_frame(&segment, marker == 0xC2, &mut told)?;
                told.profile = profile.whole();
                for part in told.profile.iter().flat_map(|profile| Profile::parts(profile)) {
                    write(to, 0xE2, &part)?;
                }
                write(to, marker, &segment)?;
            }
            // Tables.
            0xC4 | 0xDB | 0xDD => write(to, marker, &segment(from)?)?,
            0xDA if frame => {
                scans += 1;
                if scans > MOST_SCANS {
                    return Err(Refused::because("it has too many scans"));
                }
                write(to, marker, &segment(from)?)?;
                next = Some(copy_scan(from, to)?);
            }
            0xE0 => {
                // Density without the small picture that may follow.
                let segment = segment(from)?;
                if let Some(jfif) = segment.strip_prefix(b"JFIF\0").and_then(|rest| rest.get(..7)) {
                    write(to, marker, &[b"JFIF\0", jfif, &[0, 0]].concat())?;
                }
            }
            0xE1 => {
                let segment = segment(from)?;
                let exif = segment.strip_prefix(EXIF).map(<[u8]>::to_vec);
                told.exif = told.exif.or(exif);
            }
            0xE2 => profile.take(&segment(from)?),
            0xEE => {
                let segment = segment(from)?;
                if segment.starts_with(b"Adobe") && segment.len() >= ADOBE {
                    write(to, marker, &segment[..ADOBE])?;
                }
            }
            // Of applications, comments, reserved.
            0xE3..=0xEF | 0xF0..=0xFE | 0x02..=0xBF => drop(segment(from)?),
            other => return Err(Refused::because(format!("a marker {other:02x} where none is expected"))),
        }
    }
}

/// What a frame says of the picture (T.81 B.2.2).
fn read_frame(segment: &[u8], progressive: bool, told: &mut Told) -> Result<(), Refused> {
    let &[precision, h1, h0, w1, w0, components, ..] = segment else {
        return Err(Refused::because("a frame that says nothing"));
    };
    (told.width, told.height) = (u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into());
    if precision != 8 || ![1, 3, 4].contains(&components) {
        return Err(Refused::because(format!("{precision} bits of {components} components")));
    }
    check_size(told.width, told.height)?;
    // A byte each; what is built up scan by scan is kept as coefficients of two bytes until the last.
    let bytes = u64::from(components) * if progressive { 3 } else { 1 };
    told.memory = u64::from(told.width) * u64::from(told.height) * bytes;
    Ok(())
}

/// Copies coded data up to the next marker that is not part of it, which is answered.
fn copy_scan(from: &mut impl BufRead, to: &mut impl Write) -> Result<u8, Refused> {
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Err(Refused::because("it is cut off"));
        }
        let plain = buffer.iter().position(|byte| *byte == 0xFF).unwrap_or(buffer.len());
        to.write_all(&buffer[..plain])?;
        let at_marker = plain < buffer.len();
        from.consume(plain);
        if at_marker {
            match marker(from)? {
                stuffed @ (0x00 | 0xD0..=0xD7) => to.write_all(&[0xFF, stuffed])?,
                other => return Ok(other),
            }
        }
    }
}

/// The next marker; any number of fill bytes may stand before it.
fn marker(from: &mut impl Read) -> Result<u8, Refused> {
    let [mut byte] = bytes::<1>(from)?;
    if byte != 0xFF {
        return Err(Refused::because("no marker where one is expected"));
    }
    while byte == 0xFF {
        [byte] = bytes::<1>(from)?;
    }
    Ok(byte)
}

/// What a segment holds, without its length.
fn segment(from: &mut impl Read) -> Result<Vec<u8>, Refused> {
    let length = usize::from(u16::from_be_bytes(bytes(from)?));
    let mut segment =
        vec![0; length.checked_sub(2).ok_or_else(|| Refused::because("a segment without its length"))?];
    from.read_exact(&mut segment)?;
    Ok(segment)
}

fn write(to: &mut impl Write, marker: u8, segment: &[u8]) -> Result<(), Refused> {
    let length =
        u16::try_from(segment.len() + 2).map_err(|_| Refused::because("a segment that is too long"))?;
    to.write_all(&[0xFF, marker])?;
    to.write_all(&length.to_be_bytes())?;
    Ok(to.write_all(segment)?)
}

fn bytes<const N: usize>(from: &mut impl Read) -> Result<[u8; N], Refused> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A colour profile, in parts (ICC.1 B.4).
#[derive(Default)]
struct Profile {
    parts: Vec<(u8, Vec<u8>)>,
    bytes: usize,
}

impl Profile {
    fn take(&mut self, segment: &[u8]) {
        if let Some([number, _, part @ ..]) = segment.strip_prefix(PROFILE) {
            self.bytes += part.len();
            if self.bytes <= PROFILE_MAX {
                self.parts.push((*number, part.to_vec()));
            }
        }
    }

    /// The profile, if it is one and moderate.
    fn whole(&mut self) -> Option<Vec<u8>> {
        self.parts.sort_by_key(|(number, _)| *number);
        let whole: Vec<u8> = self.parts.iter().flat_map(|(_, part)| part).copied().collect();
        (self.bytes <= PROFILE_MAX && is_profile(&whole)).then_some(whole)
    }

    fn parts(profile: &[u8]) -> Vec<Vec<u8>> {
        let parts = profile.chunks(usize::from(u16::MAX) - 2 - PROFILE.len() - 2);
        let count = parts.len() as u8;
        parts.enumerate().map(|(at, part)| [PROFILE, &[at as u8 + 1, count], part].concat()).collect()
    }
}

/// Whether it says of itself that it is a profile, and of this length (ICC.1 7.2).
pub(super) fn is_profile(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk().map(|length| u32::from_be_bytes(*length) as usize);
    length == Some(bytes.len()) && bytes.get(36..40) == Some(b"acsp")
}
