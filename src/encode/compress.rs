//! Compression of text: each piece becomes a gzip member or a zstd frame of its own.
//!
//! Members put end to end are a valid file (RFC 1952, RFC 8878), so pieces are compressed on any core and the bytes do not
//! depend on how many there are. Nothing in them tells the time.

use std::io::Write;

/// How bytes are made fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, level 6.
    Gzip,
    /// Zstandard, level 3.
    Zstd,
    /// Snappy; inside Parquet only.
    Snappy,
}

impl Compression {
    /// What text formats know.
    pub(super) const OF_TEXT: &'static [Compression] =
        &[Compression::None, Compression::Gzip, Compression::Zstd];

    /// What it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Snappy => "snappy",
        }
    }

    /// The compression of that name.
    pub fn find(name: &str) -> Option<Compression> {
        [Compression::None, Compression::Gzip, Compression::Zstd, Compression::Snappy]
            .into_iter()
            .find(|compression| compression.name() == name)
    }

    /// What is added to a file's name: `.gz`, `.zst`.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Compression::Gzip => ".gz",
            Compression::Zstd => ".zst",
            Compression::None | Compression::Snappy => "",
        }
    }

    /// The bytes as a member of their own; also for the SQL around the data of a script. No bytes stay none.
    ///
    /// # Panics
    /// For snappy, which has no file format.
    pub fn member(self, bytes: Vec<u8>) -> Vec<u8> {
        if bytes.is_empty() {
            return bytes;
        }
        match self {
            Compression::None => bytes,
            Compression::Gzip => {
                let mut member =
                    flate2::GzBuilder::new().mtime(0).write(Vec::new(), flate2::Compression::new(6));
                member.write_all(&bytes).expect("a Vec takes all");
                member.finish().expect("a Vec takes all")
            }
            Compression::Zstd => zstd::bulk::compress(&bytes, 3).expect("there is memory for the frame"),
            Compression::Snappy => panic!("text is not compressed by snappy"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn members_end_to_end_are_a_file_of_the_whole() {
        let halves = [b"id,name\n".repeat(1000), b"1,ada\n".repeat(1000)];
        let file = |compression: Compression| {
            halves.iter().flat_map(|half| compression.member(half.clone())).collect::<Vec<u8>>()
        };
        let mut read = Vec::new();
        flate2::read::MultiGzDecoder::new(&file(Compression::Gzip)[..]).read_to_end(&mut read).unwrap();
        assert_eq!(read, halves.concat());
        assert_eq!(zstd::decode_all(&file(Compression::Zstd)[..]).unwrap(), halves.concat());
        assert_eq!(file(Compression::None), halves.concat());
    }

    #[test]
    fn the_gzip_header_tells_neither_time_nor_system() {
        let member = Compression::Gzip.member(b"x".to_vec());
        assert_eq!(member[4..8], [0; 4]);
        assert_eq!(member[9], 255);
    }

    #[test]
    fn names_lead_back() {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd, Compression::Snappy] {
            assert_eq!(Compression::find(compression.name()), Some(compression));
        }
        assert_eq!(Compression::find("brotli"), None);
    }
}
