//! PNG (ISO/IEC 15948): the chunks that the picture and its colours are made of are copied; all others are left out, as is
//! what stands behind the end. Of an animation its still picture stays.

use std::io::{BufRead, Write, sink};

use super::{PROFILE_MAX, Refused, Told, check_size, copy_exactly};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// Chunks that say how colours are to be read, and which are clear.
const COLOURS: [&[u8; 4]; 8] = [b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"cICP", b"iCCP"];
/// The largest chunk EXIF that is looked at.
const EXIF_MAX: u32 = 64 * 1_024;

/// Copies the picture and nothing else.
pub(super) fn strip(from: &mut impl BufRead, to: &mut impl Write) -> Result<Told, Refused> {
    let mut told = Told::default();
    let mut signature = SIGNATURE;
    from.read_exact(&mut signature)?;
    to.write_all(&SIGNATURE)?;
    // Of what comes once.
    let mut kept: Vec<[u8; 4]> = Vec::new();
    loop {
        let mut head = [0; 8];
        from.read_exact(&mut head)?;
        let [l3, l2, l1, l0, name @ ..] = head;
        let length = u32::from_be_bytes([l3, l2, l1, l0]);
        let first_of_all = kept.is_empty();
        match &name {
            b"IHDR" if first_of_all && length == 13 => {
                let mut header = [0; 17];
                from.read_exact(&mut header)?;
                read_header(&header, &mut told)?;
                kept.push(name);
                to.write_all(&head)?;
                to.write_all(&header)?;
            }
            _ if first_of_all => return Err(Refused::because("it does not begin with its header")),
            b"IEND" if length == 0 => {
                to.write_all(&head)?;
                copy_exactly(from, to, 4)?;
                return Ok(told);
            }
            b"IDAT" => {
                to.write_all(&head)?;
                copy_exactly(from, to, u64::from(length) + 4)?;
            }
            _ if COLOURS.contains(&&name) && length as usize <= PROFILE_MAX && !kept.contains(&name) => {
                kept.push(name);
                to.write_all(&head)?;
                copy_exactly(from, to, u64::from(length) + 4)?;
            }
            b"eXIf" if length <= EXIF_MAX && told.exif.is_none() => {
                let mut exif = vec![0; length as usize];
                from.read_exact(&mut exif)?;
                told.exif = Some(exif);
                copy_exactly(from, &mut sink(), 4)?;
            }
            // A capital letter: it cannot be decoded without this.
            [b'A'..=b'Z', ..] => return Err(Refused::because("a chunk that nobody knows")),
            _ => copy_exactly(from, &mut sink(), u64::from(length) + 4)?,
        }
    }
}

/// What a header says of the picture.
fn read_header(header: &[u8; 17], told: &mut Told) -> Result<(), Refused> {
    let &[w3, w2, w1, w0, h3, h2, h1, h0, bits, colours, ..] = header;
    told.width = u32::from_be_bytes([w3, w2, w1, w0]);
    told.height = u32::from_be_bytes([h3, h2, h1, h0]);
    check_size(told.width, told.height)?;
    // Palettes are decoded as the colours that they stand for.
    let samples = match colours {
        0 => 1,
        2 => 3,
        4 => 2,
        3 | 6 => 4,
        _ => return Err(Refused::because("colours that nobody knows")),
    };
    told.memory = u64::from(told.width) * u64::from(told.height) * samples * u64::from(bits.div_ceil(8));
    Ok(())
}
