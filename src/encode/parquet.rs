//! Parquet. Row groups are encoded by workers and put into the file in order.
//!
//! The bytes depend on how rows are cut into row groups and into the slices that the encoder is fed, and on the writer's name:
//! all three are fixed here. Intervals are text, since Parquet's own have milliseconds only.

use super::record_batch::{SLICE_ROWS, gather, to_record_batch};
use super::schema::{EXTENSION, Target, schema};
use super::stream::Counted;
use super::{Compression, EncodeError, Encoding, Options, Piece, Source, StreamWriter};
use crate::plan::Plan;
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, SchemaRef};
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as PhysicalType};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

pub(super) fn build(
    plan: &Plan,
    table: usize,
    columns: &[usize],
    options: &Options,
) -> Result<Box<dyn Encoding>, EncodeError> {
    let schema = schema(plan, table, columns, Target::Parquet);
    Ok(Box::new(Parquet {
        groups: RowGroups::new(schema, options)?,
        table,
        columns: columns.to_vec(),
        row_group_rows: options.row_group_rows.max(1),
    }))
}

struct Parquet {
    groups: RowGroups,
    table: usize,
    columns: Vec<usize>,
    row_group_rows: u64,
}

impl Encoding for Parquet {
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
            to_record_batch(&self.groups.schema, gather(source, self.table, rows, &self.columns)?)
        });
        Ok(Piece::RowGroup(self.groups.encode(slices)?))
    }

    fn writer(&self, out: Box<dyn Write + Send>) -> io::Result<Box<dyn StreamWriter>> {
        Ok(Box::new(FileWriter { file: self.groups.file(Counted::new(out)).map_err(io_error)? }))
    }
}

/// Encodes row groups, on any thread, for a file that [`file`](Self::file) begins.
struct RowGroups {
    schema: SchemaRef,
    root: TypePtr,
    properties: WriterPropertiesPtr,
    factory: ArrowRowGroupWriterFactory,
}

impl RowGroups {
    fn new(schema: SchemaRef, options: &Options) -> ParquetResult<Self> {
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("datagen version ", env!("CARGO_PKG_VERSION")).to_string())
            .set_compression(match options.compression {
                Some(Compression::Zstd) => parquet::basic::Compression::ZSTD(Default::default()),
                Some(Compression::None) => parquet::basic::Compression::UNCOMPRESSED,
                _ => parquet::basic::Compression::SNAPPY,
            })
            .build();
        add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
        let properties = Arc::new(properties);
        let root = root(&schema)?;
        // The factory takes from a file only its schema and properties.
        let file = SerializedFileWriter::new(io::sink(), root.clone(), properties.clone())?;
        let factory = ArrowRowGroupWriterFactory::new(&file, schema.clone());
        Ok(Self { schema, root, properties, factory })
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
            for (field, array) in self.schema.fields().iter().zip(slice?.columns()) {
                for leaf in compute_leaves(field, array)? {
                    leaves.next().expect("a writer per leaf").write(&leaf)?;
                }
            }
        }
        Ok(writers.into_iter().map(|writer| writer.close()).collect::<ParquetResult<_>>()?)
    }
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
    use crate::encode::fixture::{Given, everything, ints};
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
        let options = Options { row_group_rows: 10_000, ..Options::default() };
        let reader = open(&given.written("parquet", options));
        let rows: Vec<i64> = reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
        assert_eq!(rows, [10_000, 10_000, 5_000]);
        let writer = reader.metadata().file_metadata().created_by().unwrap();
        assert!(writer.starts_with("datagen version "), "{writer}");
        let read: usize = reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(read, 25_000);
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
