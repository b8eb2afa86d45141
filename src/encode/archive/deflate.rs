//! One zlib stream (RFC 1950) whose pieces are compressed apart from each other.
//!
//! A piece is compressed without knowing what stood before it, and ends at a byte; the checksum at the end of the stream is put
//! together of those of the pieces. So the stream depends on where it is cut, and not on who compresses.

use flate2::{Compress, FlushCompress, Status};

/// What a zlib stream begins with: deflate, a window of 32 kB, the usual level.
pub(super) const HEADER: [u8; 2] = [0x78, 0x9c];

/// As pg_dump compresses.
pub(super) const LEVEL: u32 = 6;

/// The checksum of a text (Adler-32), which can be put together of those of its pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Checksum {
    /// The sum of its bytes and one.
    bytes: u32,
    /// The sum of all `bytes` on the way.
    sums: u32,
    /// Its length.
    length: u64,
}

/// What sums are taken modulo: the largest prime below 2^16.
const MODULUS: u32 = 65_521;

/// So many bytes can be added up before the sums outgrow 32 bits.
const UNREDUCED: usize = 5_552;

impl Checksum {
    /// Of no bytes.
    pub const EMPTY: Self = Self { bytes: 1, sums: 0, length: 0 };

    pub fn of(text: &[u8]) -> Self {
        let (mut bytes, mut sums) = (1, 0);
        for some in text.chunks(UNREDUCED) {
            for byte in some {
                bytes += u32::from(*byte);
                sums += bytes;
            }
            bytes %= MODULUS;
            sums %= MODULUS;
        }
        Self { bytes, sums, length: text.len() as u64 }
    }

    /// Of both texts, one after the other.
    pub fn then(self, next: Self) -> Self {
        let modulus = u64::from(MODULUS);
        let [bytes, sums, next_bytes, next_sums] =
            [self.bytes, self.sums, next.bytes, next.sums].map(u64::from);
        // Each of the second text's sums is larger by what the first one's bytes come to.
        let carried = next.length % modulus * (bytes + modulus - 1);
        Self {
            bytes: ((bytes + next_bytes + modulus - 1) % modulus) as u32,
            sums: ((sums + next_sums + carried) % modulus) as u32,
            length: self.length + next.length,
        }
    }

    /// As it ends a stream.
    pub fn to_bytes(self) -> [u8; 4] {
        (self.sums << 16 | self.bytes).to_be_bytes()
    }
}

/// The text compressed, up to a byte's end, after which another piece can stand.
pub(super) fn piece(text: &[u8]) -> Vec<u8> {
    compressed(text, FlushCompress::Sync)
}

/// The text compressed, as the last piece of a stream.
pub(super) fn last_piece(text: &[u8]) -> Vec<u8> {
    compressed(text, FlushCompress::Finish)
}

fn compressed(text: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut compressor = Compress::new(flate2::Compression::new(LEVEL), false);
    let mut out = Vec::with_capacity(text.len() / 3 + 64);
    loop {
        let rest = &text[compressor.total_in() as usize..];
        let status = compressor.compress_vec(rest, &mut out, flush);
        let status = status.expect("the compressor is given all bytes in order");
        let is_done = match flush {
            FlushCompress::Finish => status == Status::StreamEnd,
            // Room that is left over means that nothing waits for more of it.
            _ => compressor.total_in() as usize == text.len() && out.len() < out.capacity(),
        };
        if is_done {
            return out;
        }
        out.reserve(out.capacity().max(64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    /// A text of a few different bytes, so that it can be compressed.
    fn texts() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let text = prop_oneof![
            prop::collection::vec(b'a'..b'e', 0..20_000),
            prop::collection::vec(any::<u8>(), 0..20_000),
            Just(vec![255; 20_000]),
        ];
        prop::collection::vec(text, 0..5)
    }

    proptest! {
        #[test]
        fn pieces_end_to_end_are_a_stream_of_the_whole(texts in texts(), last in prop::collection::vec(any::<u8>(), 0..9)) {
            let mut stream = HEADER.to_vec();
            let mut checksum = Checksum::EMPTY;
            for text in &texts {
                stream.extend(piece(text));
                checksum = checksum.then(Checksum::of(text));
            }
            stream.extend(last_piece(&last));
            stream.extend(checksum.then(Checksum::of(&last)).to_bytes());
            let mut read = Vec::new();
            let mut decoder = flate2::read::ZlibDecoder::new(&stream[..]);
            // The decoder refuses a checksum that is not right.
            decoder.read_to_end(&mut read).unwrap();
            prop_assert_eq!(decoder.total_in() as usize, stream.len());
            prop_assert_eq!(read, [texts.concat(), last].concat());
        }
    }
}
