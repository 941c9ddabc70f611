//! Which files are taken, told by how they begin (and never by what they are called).

use crate::model::media::{FILM_MAX, MediaKind, PICTURE_MAX};

/// A format that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// ITU-T T.81.
    Jpeg,
    /// ISO/IEC 15948.
    Png,
    /// RFC 9649.
    WebP,
    /// ISO/IEC 14496-14.
    Mp4,
}

impl Format {
    /// So many bytes tell.
    pub(super) const TELLING: usize = 12;

    /// What a file is that begins so; none if nothing that is taken.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            _ => None,
        }
    }

    /// Picture or film.
    #[must_use]
    pub fn kind(self) -> MediaKind {
        match self {
            Self::Jpeg | Self::Png | Self::WebP => MediaKind::Image,
            Self::Mp4 => MediaKind::Video,
        }
    }

    /// IANA media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Mp4 => "video/mp4",
        }
    }

    /// The most bytes.
    #[must_use]
    pub fn most(self) -> u64 {
        match self.kind() {
            MediaKind::Image => PICTURE_MAX,
            MediaKind::Video => FILM_MAX,
        }
    }
}
