//! Parquet. Row groups are encoded by workers and put into the file in order.
//!
//! The bytes depend on how rows are cut into row groups and into the slices that the encoder is fed, on how columns are put into
//! pages, and on the writer's name: all of them follow from the spec and are fixed here before the run. Intervals are text, since
//! Parquet's own have milliseconds only.

mod look;

use super::record_batch::{gather, to_record_batch};
use super::schema::{EXTENSION, Target, schema};
use super::stream::Counted;
use super::{Compression, EncodeError, Encoding, Options, Piece, RowGroup, Source, StreamWriter};
use crate::plan::Plan;
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use look::{FIRST_ROWS, Look, Pages};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::{
    ConvertedType, Encoding as PageEncoding, LogicalType, Repetition, Type as PhysicalType,
};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterPropertiesPtr,
};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, SchemaDescriptor, Type, TypePtr};
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

/// Rows per slice that the encoder is fed. Fixed, because pages end where slices do: with another size other bytes would come
/// out. As many as a worker's batch has by default, so that vectors move into the encoder as they are.
const SLICE_ROWS: u64 = 1_024;

/// In a smaller table, a look at the first rows takes more time than it saves.
const WORTH_A_LOOK: u64 = 100_000;

pub(super) fn build(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    let schema = schema(plan, table, columns, Target::Parquet);
    let row_group_rows = match options.row_group {
        RowGroup::Rows(rows) => rows.max(1),
        RowGroup::Bytes(_) => RowGroup::DEFAULT_ROWS,
    };
    Ok(Box::new(Parquet {
        groups: RowGroups::new(schema, options.compression, &[], 0)?,
        table,
        columns: columns.to_vec(),
        rows: plan.tables[table].rows,
        options: *options,
        row_group_rows,
    }))
}

struct Parquet {
    groups: RowGroups,
    table: usize,
    columns: Vec<usize>,
    rows: u64,
    options: Options,
    row_group_rows: u64,
}

impl Encoding for Parquet {
    fn look(&mut self, source: &mut dyn Source) -> Result<(), EncodeError> {
        let bytes = match self.options.row_group {
            RowGroup::Bytes(bytes) => Some(bytes),
            RowGroup::Rows(_) => None,
        };
        if self.rows == 0 || bytes.is_none() && self.rows < WORTH_A_LOOK {
            return Ok(());
        }
        let first = gather(source, self.table, 0..self.rows.min(FIRST_ROWS), &self.columns)?;
        let columns = SchemaDescriptor::new(self.groups.root.clone());
        let looks: Vec<Look> = first
            .iter()
            .zip(columns.columns())
            .map(|(vector, column)| Look::at(vector, column, self.options.parquet_encoding))
            .collect();
        if let Some(bytes) = bytes {
            self.row_group_rows = rows_of(bytes, &looks, self.row_group_rows);
        }
        let rows = self.row_group_rows.min(self.rows);
        self.groups = RowGroups::new(self.groups.schema.clone(), self.options.compression, &looks, rows)?;
        Ok(())
    }

    fn chunk_rows(&self) -> u64 {
        self.row_group_rows
    }

    fn encode(
        &self,
        source: &mut dyn Source,
        rows: Range<u64>,
        _buffer: Vec<u8>,
    ) -> Result<Piece, EncodeError> {
        let slices = (rows.start..rows.end).step_by(SLICE_ROWS as usize).map(|first| {
            let rows = first..rows.end.min(first + SLICE_ROWS);
            to_record_batch(&self.groups.fed, gather(source, self.table, rows, &self.columns)?)
        });
        Ok(Piece::RowGroup(self.groups.encode(slices)?))
    }

    fn writer(&self, out: Box<dyn Write + Send>) -> io::Result<Box<dyn StreamWriter>> {
        Ok(Box::new(FileWriter { file: self.groups.file(Counted::new(out)).map_err(io_error)? }))
    }
}

/// How many rows come to about that many bytes before compression, in whole slices. `rows` is a first guess, for how much
/// of a dictionary each row bears.
fn rows_of(bytes: u64, looks: &[Look], rows: u64) -> u64 {
    let guess = |rows: u64| {
        let each = looks.iter().map(|look| look.bits(rows)).sum::<f64>() / 8.0;
        let slices = (bytes as f64 / each.max(1.0)) as u64 / SLICE_ROWS;
        slices.max(1) * SLICE_ROWS
    };
    guess(guess(rows))
}

/// Encodes row groups, on any thread, for a file that [`file`](Self::file) begins.
struct RowGroups {
    /// What readers see.
    schema: SchemaRef,
    /// What the encoder is fed.
    fed: SchemaRef,
    root: TypePtr,
    properties: WriterPropertiesPtr,
    factory: ArrowRowGroupWriterFactory,
}

impl RowGroups {
    /// Of `rows` each. Columns that were not looked at have dictionaries and statistics.
    fn new(
        schema: SchemaRef,
        compression: Option<Compression>,
        looks: &[Look],
        rows: u64,
    ) -> ParquetResult<Self> {
        let root = root(&schema)?;
        let mut builder = WriterProperties::builder()
            .set_created_by(concat!("datagen version ", env!("CARGO_PKG_VERSION")).to_string())
            .set_compression(match compression {
                Some(Compression::Zstd) => parquet::basic::Compression::ZSTD(Default::default()),
                Some(Compression::None) => parquet::basic::Compression::UNCOMPRESSED,
                _ => parquet::basic::Compression::SNAPPY,
            });
        for (column, look) in SchemaDescriptor::new(root.clone()).columns().iter().zip(looks) {
            builder = settled(builder, column.path(), look, rows);
        }
        let mut properties = builder.build();
        add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
        let properties = Arc::new(properties);
        let fed = Arc::new(Schema::new(schema.fields().iter().map(|of| narrow(of)).collect::<Vec<Field>>()));
        // The factory takes from a file only its schema and properties.
        let file = SerializedFileWriter::new(io::sink(), root.clone(), properties.clone())?;
        let factory = ArrowRowGroupWriterFactory::new(&file, fed.clone());
        Ok(Self { schema, fed, root, properties, factory })
    }

    fn file(&self, out: Counted) -> ParquetResult<SerializedFileWriter<Counted>> {
        SerializedFileWriter::new(out, self.root.clone(), self.properties.clone())
    }

    fn encode(
        &self,
        slices: impl Iterator<Item = Result<RecordBatch, EncodeError>>,
    ) -> Result<Vec<ArrowColumnChunk>, EncodeError> {
        // The number of the row group matters to encryption only.
        let mut writers = self.factory.create_column_writers(0)?;
        for slice in slices {
            let mut leaves = writers.iter_mut();
            for (field, array) in self.fed.fields().iter().zip(slice?.columns()) {
                for leaf in compute_leaves(field, array)? {
                    leaves.next().expect("a writer per leaf").write(&leaf)?;
                }
            }
        }
        Ok(writers.into_iter().map(|writer| writer.close()).collect::<ParquetResult<_>>()?)
    }
}

/// The properties with what a look at a column settles.
fn settled(
    builder: WriterPropertiesBuilder,
    path: &ColumnPath,
    look: &Look,
    rows: u64,
) -> WriterPropertiesBuilder {
    let builder = match look.has_statistics() {
        true => builder,
        false => builder.set_column_statistics_enabled(path.clone(), EnabledStatistics::None),
    };
    match look.pages(rows) {
        Pages::Dictionary => builder,
        Pages::Plain => builder.set_column_dictionary_enabled(path.clone(), false),
        Pages::Differences => builder
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path.clone(), PageEncoding::DELTA_BINARY_PACKED),
    }
}

/// The field with decimals of up to 18 digits in 64 bits: as vectors have them and as the file has them, without a wider copy
/// in between.
fn narrow(of: &Field) -> Field {
    let data_type = match of.data_type() {
        DataType::Decimal128(precision, scale) if *precision <= 18 => DataType::Decimal64(*precision, *scale),
        DataType::List(element) => DataType::List(Arc::new(narrow(element))),
        other => other.clone(),
    };
    of.clone().with_data_type(data_type)
}

struct FileWriter {
    file: SerializedFileWriter<Counted>,
}

impl StreamWriter for FileWriter {
    fn write(&mut self, piece: Piece) -> io::Result<Vec<u8>> {
        let mut append = |chunks: Vec<ArrowColumnChunk>| {
            let mut group = self.file.next_row_group()?;
            chunks.into_iter().try_for_each(|chunk| chunk.append_to_row_group(&mut group))?;
            group.close()
        };
        match piece {
            Piece::RowGroup(chunks) => append(chunks).map_err(io_error)?,
            _ => panic!("a Parquet file has row groups"),
        };
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<u64> {
        self.file.finish().map_err(io_error)?;
        self.file.inner_mut().flush()?;
        Ok(self.file.inner().bytes)
    }
}

impl From<ParquetError> for EncodeError {
    fn from(error: ParquetError) -> Self {
        EncodeError::Format(error.to_string())
    }
}

/// The error that the stream gave, so that a closed pipe is seen as one.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    }
}

/// The Parquet schema, with the logical types of uuid and json.
fn root(schema: &SchemaRef) -> ParquetResult<TypePtr> {
    let converted = ArrowSchemaConverter::new().convert(schema)?;
    let fields = converted.root_schema().get_fields().iter().zip(schema.fields());
    let fields: ParquetResult<Vec<TypePtr>> = fields.map(|(of, field)| annotated(of, field)).collect();
    Ok(Arc::new(Type::group_type_builder(converted.root_schema().name()).with_fields(fields?).build()?))
}

fn annotated(of: &TypePtr, field: &Field) -> ParquetResult<TypePtr> {
    let repetition = of.get_basic_info().repetition();
    let logical = match (field.data_type(), field.metadata().get(EXTENSION).map(String::as_str)) {
        (DataType::List(element), _) => {
            let list = &of.get_fields()[0];
            let element = annotated(&list.get_fields()[0], element)?;
            return list_of(of.name(), repetition, list.name(), element);
        }
        (_, Some("arrow.uuid")) => LogicalType::Uuid,
        (_, Some("arrow.json")) => LogicalType::Json,
        _ => return Ok(of.clone()),
    };
    let builder = match logical {
        LogicalType::Uuid => {
            Type::primitive_type_builder(of.name(), PhysicalType::FIXED_LEN_BYTE_ARRAY).with_length(16)
        }
        _ => Type::primitive_type_builder(of.name(), PhysicalType::BYTE_ARRAY)
            .with_converted_type(ConvertedType::JSON),
    };
    Ok(Arc::new(builder.with_repetition(repetition).with_logical_type(Some(logical)).build()?))
}

/// The three levels of a list.
fn list_of(name: &str, repetition: Repetition, list: &str, element: TypePtr) -> ParquetResult<TypePtr> {
    let list = Type::group_type_builder(list)
        .with_repetition(Repetition::REPEATED)
        .with_fields(vec![element])
        .build()?;
    let outer = Type::group_type_builder(name)
        .with_repetition(repetition)
        .with_converted_type(ConvertedType::LIST)
        .with_logical_type(Some(LogicalType::List))
        .with_fields(vec![Arc::new(list)])
        .build()?;
    Ok(Arc::new(outer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::ParquetEncoding;
    use crate::encode::fixture::{Given, dictionary, everything, ints, texts};
    use crate::value::SqlType;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use std::fs::File;

    fn open(bytes: &[u8]) -> ParquetRecordBatchReaderBuilder<File> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
    }

    #[test]
    fn every_type_reads_back_equal_with_its_logical_type() {
        let mut given = everything();
        let reader = open(&given.written("parquet", Options::default()));
        let mut message = Vec::new();
        parquet::schema::printer::print_schema(&mut message, reader.parquet_schema().root_schema());
        insta::assert_snapshot!(String::from_utf8(message).unwrap());

        let columns: Vec<usize> = (0..given.vectors.len()).collect();
        let schema = schema(&given.plan, 0, &columns, Target::Parquet);
        assert_eq!(reader.schema().fields(), schema.fields());
        let expected = to_record_batch(&schema, given.vectors.clone()).unwrap();
        let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
        assert_eq!(batches.len(), 1);
        assert_eq!(batches[0].columns(), expected.columns());
    }

    #[test]
    fn row_groups_have_the_rows_asked_for_and_the_file_names_its_writer() {
        let mut given = Given::new(vec![("id", SqlType::BigInt, ints(&(0..25_000).collect::<Vec<_>>()))]);
        let options = Options { row_group: RowGroup::Rows(10_000), ..Options::default() };
        let reader = open(&given.written("parquet", options));
        let rows: Vec<i64> = reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
        assert_eq!(rows, [10_000, 10_000, 5_000]);
        let writer = reader.metadata().file_metadata().created_by().unwrap();
        assert!(writer.starts_with("datagen version "), "{writer}");
        let read: usize = reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(read, 25_000);
    }

    /// A table that is large enough to be looked at: ascending numbers, a few words, words that do not repeat.
    fn large() -> Given {
        let rows = WORTH_A_LOOK as u32;
        let words: Vec<String> =
            (0..rows).map(|row| format!("{:08x}", row.wrapping_mul(0x9e37_79b1))).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let codes: Vec<u32> = (0..rows).map(|row| row.wrapping_mul(0x9e37_79b1) >> 30).collect();
        let price = SqlType::Numeric { precision: 15, scale: 2, bare: false };
        Given::new(vec![
            ("id", SqlType::BigInt, ints(&(0..i64::from(rows)).collect::<Vec<_>>())),
            (
                "price",
                price,
                ints(&(0..i64::from(rows)).map(|row| row * 7_919 % 100_003).collect::<Vec<_>>()),
            ),
            ("kind", SqlType::Text, dictionary(&["a", "b", "c", "d"], &codes)),
            ("token", SqlType::Text, texts(&words)),
        ])
    }

    #[test]
    fn columns_of_a_large_table_are_put_into_pages_as_suits_them_and_read_back_equal() {
        let mut given = large();
        let reader = open(&given.written("parquet", Options::default()));
        let column = |at: usize| reader.metadata().row_group(0).column(at);
        let encodings = |at: usize| column(at).encodings().collect::<Vec<_>>();
        for at in [0, 1] {
            assert!(encodings(at).contains(&PageEncoding::DELTA_BINARY_PACKED), "{:?}", encodings(at));
        }
        assert!(encodings(2).contains(&PageEncoding::RLE_DICTIONARY));
        assert!(column(3).dictionary_page_offset().is_none());
        let with_statistics: Vec<bool> = (0..4).map(|at| column(at).statistics().is_some()).collect();
        assert_eq!(with_statistics, [true, true, false, false]);

        let expected =
            to_record_batch(&schema(&given.plan, 0, &[0, 1, 2, 3], Target::Parquet), given.vectors.clone());
        let expected = expected.unwrap();
        let mut first = 0;
        for batch in reader.build().unwrap().map(Result::unwrap) {
            assert_eq!(batch.columns(), expected.slice(first, batch.num_rows()).columns());
            first += batch.num_rows();
        }
        assert_eq!(first as u64, WORTH_A_LOOK);
    }

    #[test]
    fn plain_files_have_no_encodings_but_those_of_the_first_version() {
        let options = Options { parquet_encoding: ParquetEncoding::Plain, ..Options::default() };
        let reader = open(&large().written("parquet", options));
        let columns = reader.metadata().row_group(0).columns();
        let known = [PageEncoding::PLAIN, PageEncoding::RLE, PageEncoding::RLE_DICTIONARY];
        assert!(columns.iter().flat_map(|column| column.encodings()).all(|of| known.contains(&of)));
        let with_dictionary: Vec<bool> =
            columns.iter().map(|column| column.dictionary_page_offset().is_some()).collect();
        assert_eq!(with_dictionary, [false, false, true, false]);
    }

    #[test]
    fn row_groups_have_about_the_bytes_asked_for_however_rows_are_batched() {
        let mut given = large();
        let options = Options { row_group: RowGroup::Bytes(200_000), ..Options::default() };
        let written = given.written("parquet", options);
        let reader = open(&written);
        let groups = reader.metadata().row_groups();
        let (last, whole) = groups.split_last().unwrap();
        assert!(whole.len() > 3 && last.num_rows() > 0);
        for group in whole {
            assert_eq!(group.num_rows() as u64 % SLICE_ROWS, 0);
            let bytes = group.total_byte_size();
            assert!((150_000..230_000).contains(&bytes), "{bytes}");
        }
        given.batch_rows = 777;
        assert!(given.written("parquet", options) == written);
        let least = Options { row_group: RowGroup::Bytes(1), ..options };
        let reader = open(&given.written("parquet", least));
        assert_eq!(reader.metadata().row_group(0).num_rows() as u64, SLICE_ROWS);
    }

    #[test]
    fn an_empty_table_is_a_file_with_a_schema() {
        let reader = open(
            &Given::new(vec![("id", SqlType::BigInt, ints(&[]))]).written("parquet", Options::default()),
        );
        assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
        assert_eq!(reader.schema().field(0).name(), "id");
    }
}
