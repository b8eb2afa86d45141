//! Archives of pg_dump, which pg_restore restores in parallel and in parts: `custom`, one file, and `directory`, a file per table.
//!
//! The data of a table are what COPY reads. In one file they are a block behind the table of contents (`pg_backup_custom.c`):
//! a mark, the table's number, then pieces with their lengths up to one that is empty, which together are one zlib stream.

mod contents;
mod deflate;

pub use contents::{Contents, Storage, data_file};

use super::copy::Copy;
use super::rows::RowEncoding;
use super::stream::{Counted, StreamWriter};
use super::{Compression, EncodeError, Encoding, Options, Piece, Source};
use crate::plan::Plan;
use contents::{PLACE_KNOWN, data_number, int};
use deflate::Checksum;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;

/// What COPY's data end with.
const END: &[u8] = b"\\.\n\n\n";

/// What a block begins with.
const BLOCK: u8 = 1;

/// pg_restore holds a whole piece in memory, so they are small.
const PIECE_BYTES: usize = 64 << 10;

pub(super) fn build_custom(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    let plain = Options { compression: Some(Compression::None), ..*options };
    Ok(Box::new(Custom {
        rows: RowEncoding::new(Copy, plan, table, columns, &plain),
        number: data_number(table),
        is_deflated: options.compression != Some(Compression::None),
    }))
}

pub(super) fn build_directory(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    Ok(Box::new(RowEncoding::new(Copy, plan, table, columns, options).between("", END)))
}

/// A table's block.
struct Custom {
    rows: RowEncoding<Copy>,
    number: i64,
    is_deflated: bool,
}

/// Some rows of a block: pieces with their lengths, and the checksum of what is in them.
pub struct Rows {
    framed: Vec<u8>,
    checksum: Checksum,
}

impl Encoding for Custom {
    fn chunk_rows(&self) -> u64 {
        self.rows.chunk_rows()
    }

    fn header(&self) -> Vec<u8> {
        let mut header = vec![BLOCK];
        header.extend(int(self.number));
        header
    }

    fn footer(&self) -> Vec<u8> {
        int(0).to_vec()
    }

    fn encode(
        &self,
        source: &mut dyn Source,
        rows: Range<u64>,
        buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError> {
        let Piece::Bytes(text) = self.rows.encode(source, rows, buffer)? else {
            unreachable!("rows of text are bytes")
        };
        let (framed, checksum) = match self.is_deflated {
            true => (framed(&deflate::piece(&text)), Checksum::of(&text)),
            false => (framed(&text), Checksum::EMPTY),
        };
        Ok(Piece::ArchiveRows(Rows { framed, checksum }))
    }

    fn writer(&self, out: Box<dyn Write + Send>) -> io::Result<Box<dyn StreamWriter>> {
        Ok(Box::new(ArchiveWriter::blocks(out, self.is_deflated)))
    }
}

/// Bytes as pieces with their lengths.
fn framed(bytes: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(bytes.len() + bytes.len() / PIECE_BYTES * 5 + 5);
    for piece in bytes.chunks(PIECE_BYTES) {
        framed.extend(int(piece.len() as i64));
        framed.extend(piece);
    }
    framed
}

/// Writes an archive: its contents, then block after block. Outside a block, bytes begin one; inside, they end it.
pub struct ArchiveWriter {
    out: Counted,
    is_deflated: bool,
    /// The checksum of the block that is being written.
    block: Option<Checksum>,
    /// Where blocks began.
    begun: Vec<u64>,
    /// Where that is told when all is written, and the file to tell it in.
    told: Option<(Vec<usize>, File)>,
}

impl ArchiveWriter {
    /// An archive with these contents. `again` is another handle of a file that `out` writes from its beginning; without it, as where
    /// the output cannot be written again, readers have to look for the blocks.
    pub fn new(out: Box<dyn Write + Send>, contents: &Contents, again: Option<File>) -> io::Result<Self> {
        let mut writer = Self::blocks(out, contents.is_deflated);
        writer.out.write_all(&contents.bytes)?;
        writer.told = again.map(|file| (contents.places.clone(), file));
        Ok(writer)
    }

    /// Blocks without contents.
    fn blocks(out: Box<dyn Write + Send>, is_deflated: bool) -> Self {
        Self { out: Counted::new(out), is_deflated, block: None, begun: Vec::new(), told: None }
    }

    fn begin(&mut self, header: &[u8]) -> io::Result<()> {
        self.begun.push(self.out.bytes);
        self.block = Some(Checksum::EMPTY);
        self.out.write_all(header)?;
        if self.is_deflated { self.out.write_all(&framed(&deflate::HEADER)) } else { Ok(()) }
    }

    fn end(&mut self, checksum: Checksum, footer: &[u8]) -> io::Result<()> {
        let last = match self.is_deflated {
            true => {
                let mut last = deflate::last_piece(END);
                last.extend(checksum.then(Checksum::of(END)).to_bytes());
                framed(&last)
            }
            false => framed(END),
        };
        self.out.write_all(&last)?;
        self.out.write_all(footer)
    }
}

impl StreamWriter for ArchiveWriter {
    fn write(&mut self, piece: Piece) -> io::Result<Vec<u8>> {
        match (piece, self.block.take()) {
            (Piece::Bytes(header), None) => {
                self.begin(&header)?;
                Ok(header)
            }
            (Piece::Bytes(footer), Some(checksum)) => {
                self.end(checksum, &footer)?;
                Ok(footer)
            }
            (Piece::ArchiveRows(rows), Some(checksum)) => {
                self.out.write_all(&rows.framed)?;
                self.block = Some(checksum.then(rows.checksum));
                Ok(rows.framed)
            }
            _ => panic!("an archive has rows in blocks, and nothing else"),
        }
    }

    fn finish(mut self: Box<Self>) -> io::Result<u64> {
        assert!(self.block.is_none(), "every block was ended");
        self.out.flush()?;
        if let Some((places, file)) = &mut self.told {
            for (place, begun) in places.iter().zip(&self.begun) {
                file.seek(SeekFrom::Start(*place as u64))?;
                file.write_all(&[PLACE_KNOWN])?;
                file.write_all(&begun.to_le_bytes())?;
            }
        }
        Ok(self.out.bytes)
    }
}
