//! WebP (RFC 9649): the picture, its transparency and its colour profile are copied; all other chunks are left out, as is
//! what stands behind the end. Animations are not taken: films are MP4.

use std::io::{BufRead, Seek, SeekFrom, Write, sink};

use super::jpeg::is_profile;
use super::{PROFILE_MAX, Refused, Told, check_size, copy_exactly};

/// Flags of a chunk VP8X (RFC 9649 §2.7).
const PROFILE: u8 = 0x20;
const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;
const ANIMATION: u8 = 0x02;

/// Copies the picture and nothing else.
pub(super) fn strip(from: &mut impl BufRead, to: &mut (impl Write + Seek)) -> Result<Told, Refused> {
    let mut told = Told::default();
    let mut riff = [0; 12];
    from.read_exact(&mut riff)?;
    let [_, _, _, _, s0, s1, s2, s3, ..] = riff;
    let mut left = u64::from(u32::from_le_bytes([s0, s1, s2, s3])).saturating_sub(4);
    to.write_all(&riff)?;
    // Where its flags are, and what they are.
    let mut extended = None;
    let mut picture = false;
    while left > 0 {
        let mut head = [0; 8];
        from.read_exact(&mut head)?;
        let [name @ .., l0, l1, l2, l3] = head;
        let length = u64::from(u32::from_le_bytes([l0, l1, l2, l3]));
        let padded = length + length % 2;
        left = left
            .checked_sub(8 + padded)
            .ok_or_else(|| Refused::because("a chunk is longer than the file"))?;
        match &name {
            b"VP8X" if extended.is_none() && !picture && length == 10 => {
                let mut chunk = [0; 10];
                from.read_exact(&mut chunk)?;
                let [flags, _, _, _, w0, w1, w2, h0, h1, h2] = chunk;
                if flags & ANIMATION != 0 {
                    return Err(Refused::because("an animation"));
                }
                check_size(u32::from_le_bytes([w0, w1, w2, 0]) + 1, u32::from_le_bytes([h0, h1, h2, 0]) + 1)?;
                to.write_all(&head)?;
                extended = Some((to.stream_position()?, flags & !(EXIF | XMP | PROFILE)));
                to.write_all(&chunk)?;
            }
            b"VP8 " | b"VP8L" if !picture => {
                picture = true;
                let mut begin = [0; 10];
                from.read_exact(&mut begin)?;
                read_size(&name, &begin, &mut told)?;
                to.write_all(&head)?;
                to.write_all(&begin)?;
                let rest =
                    padded.checked_sub(10).ok_or_else(|| Refused::because("a picture without data"))?;
                copy_exactly(from, to, rest)?;
            }
            b"ALPH" if !picture && extended.is_some() => {
                to.write_all(&head)?;
                copy_exactly(from, to, padded)?;
            }
            b"ICCP" if !picture && length <= PROFILE_MAX as u64 && told.profile.is_none() => {
                let mut profile = vec![0; padded as usize];
                from.read_exact(&mut profile)?;
                if is_profile(&profile[..length as usize])
                    && let Some((_, flags)) = &mut extended
                {
                    *flags |= PROFILE;
                    to.write_all(&head)?;
                    to.write_all(&profile)?;
                    profile.truncate(length as usize);
                    told.profile = Some(profile);
                }
            }
            b"EXIF" if length <= PROFILE_MAX as u64 && told.exif.is_none() => {
                let mut exif = vec![0; padded as usize];
                from.read_exact(&mut exif)?;
                // Some write it as JPEG has it.
                told.exif = Some(exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif).to_vec());
            }
            b"VP8X" | b"VP8 " | b"VP8L" | b"ANIM" | b"ANMF" => {
                return Err(Refused::because("chunks that do not go together"));
            }
            _ => copy_exactly(from, &mut sink(), padded)?,
        }
    }
    if !picture {
        return Err(Refused::because("no picture in it"));
    }
    let size = to.stream_position()? - 8;
    to.seek(SeekFrom::Start(4))?;
    to.write_all(&u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes())?;
    if let Some((at, flags)) = extended {
        to.seek(SeekFrom::Start(at))?;
        to.write_all(&[flags])?;
    }
    Ok(told)
}

/// How large the picture is: of VP8 by RFC 6386 §9.1, else by RFC 9649 §3.4.
fn read_size(name: &[u8; 4], begin: &[u8; 10], told: &mut Told) -> Result<(), Refused> {
    let size = match (name, begin) {
        (b"VP8 ", [_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1]) => {
            let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3FFF);
            Some((side(*w0, *w1), side(*h0, *h1)))
        }
        (b"VP8L", [0x2F, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([*a, *b, *c, *d]);
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        _ => None,
    };
    (told.width, told.height) =
        size.ok_or_else(|| Refused::because("a picture that does not begin as one"))?;
    check_size(told.width, told.height)?;
    // Four bytes a pixel, and as much again while it is put together.
    told.memory = u64::from(told.width) * u64::from(told.height) * 8;
    Ok(())
}
