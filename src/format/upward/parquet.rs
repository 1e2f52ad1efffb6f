//! Parquet: columns of optional `STRING`, `INT64`, `DATE` and `BOOLEAN`, in groups of rows, Snappy
//! in them. Dictionaries are tried for every column but ids, and given up by the writer where they
//! do not pay. Rows are held until their group is full, never longer.

use super::Failed;
use super::table::{Cell, Kind, Table};
use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};
use std::sync::Arc;

/// Rows of a group, and so the most that are held.
pub const GROUP: usize = 1 << 16;

impl From<ParquetError> for Failed {
    fn from(error: ParquetError) -> Self {
        Self::Writer(error.to_string())
    }
}

/// A file that is being written.
pub struct Writer {
    file: SerializedFileWriter<Vec<u8>>,
    columns: Vec<Buffer>,
    rows: usize,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// A column's cells of the group that is being filled.
struct Buffer {
    /// For each row 1 when there is a value, 0 when there is none.
    present: Vec<i16>,
    values: Values,
}

enum Values {
    /// All texts behind one another, and where each ends.
    Text(Vec<u8>, Vec<usize>),
    Whole(Vec<i64>),
    /// Days since 1970-01-01.
    Day(Vec<i32>),
    YesNo(Vec<bool>),
}

impl Writer {
    /// Begins a file.
    pub(super) fn begin(table: &Table) -> Result<Self, Failed> {
        let fields = table.columns.iter().map(|column| {
            let (physical, logical) = match column.kind {
                Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                Kind::Whole => (Physical::INT64, None),
                Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
                Kind::YesNo => (Physical::BOOLEAN, None),
            };
            Type::primitive_type_builder(column.name, physical)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(logical)
                .build()
                .map(Arc::new)
        });
        let schema = Type::group_type_builder(table.name)
            .with_fields(fields.collect::<Result<Vec<_>, _>>()?)
            .build()?;
        let about = |key: &str, value: String| KeyValue::new(format!("xuedang.{key}"), value);
        let properties = WriterProperties::builder()
            .set_created_by("xuedang".to_owned())
            .set_compression(Compression::SNAPPY)
            .set_column_dictionary_enabled(ColumnPath::from("person_id"), false)
            .set_key_value_metadata(Some(vec![
                about("table", table.name.to_owned()),
                about("version", table.version.to_string()),
            ]))
            .build();
        let file = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
        let columns = table
            .columns
            .iter()
            .map(|column| Buffer::new(column.kind))
            .collect();
        Ok(Self {
            file,
            columns,
            rows: 0,
        })
    }

    /// Adds a row, whose cells have been checked.
    pub(super) fn put(&mut self, cells: &[Cell<'_>]) -> Result<(), Failed> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.put(cell);
        }
        self.rows += 1;
        if self.rows < GROUP { Ok(()) } else { self.group() }
    }

    /// What has been written since the last time.
    pub(super) fn take(&mut self) -> Vec<u8> {
        // The writer counts for itself what it has written; a failure shows again when it ends.
        let _ = self.file.flush();
        std::mem::take(self.file.inner_mut())
    }

    /// Ends the file: the last group and the directory.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Failed> {
        if self.rows > 0 {
            self.group()?;
        }
        Ok(self.file.into_inner()?)
    }

    fn group(&mut self) -> Result<(), Failed> {
        let mut group = self.file.next_row_group()?;
        for column in &mut self.columns {
            if let Some(mut writer) = group.next_column()? {
                column.write(&mut writer)?;
                writer.close()?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Buffer {
    fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new(), Vec::new()),
            Kind::Whole => Values::Whole(Vec::new()),
            Kind::Day => Values::Day(Vec::new()),
            Kind::YesNo => Values::YesNo(Vec::new()),
        };
        Self {
            present: Vec::new(),
            values,
        }
    }

    fn put(&mut self, cell: &Cell<'_>) {
        let mut present = 1;
        match (&mut self.values, cell) {
            (Values::Text(bytes, ends), Cell::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(bytes.len());
            }
            (Values::Whole(values), Cell::Whole(count)) => values.push(*count),
            // The calendar's ten thousand years are fewer than four million days.
            (Values::Day(values), Cell::Day(day)) => values.push(day.days() as i32),
            (Values::YesNo(values), Cell::YesNo(yes)) => values.push(*yes),
            _ => present = 0,
        }
        self.present.push(present);
    }

    /// Writes the column's part of a group and is empty again.
    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = Some(self.present.as_slice());
        match &mut self.values {
            Values::Text(bytes, ends) => {
                let room = bytes.len();
                let all = Bytes::from(std::mem::replace(bytes, Vec::with_capacity(room)));
                let mut start = 0;
                let texts: Vec<ByteArray> = ends
                    .drain(..)
                    .map(|end| ByteArray::from(all.slice(std::mem::replace(&mut start, end)..end)))
                    .collect();
                writer
                    .typed::<ByteArrayType>()
                    .write_batch(&texts, present, None)?;
            }
            Values::Whole(values) => {
                writer.typed::<Int64Type>().write_batch(values, present, None)?;
                values.clear();
            }
            Values::Day(values) => {
                writer.typed::<Int32Type>().write_batch(values, present, None)?;
                values.clear();
            }
            Values::YesNo(values) => {
                writer.typed::<BoolType>().write_batch(values, present, None)?;
                values.clear();
            }
        }
        self.present.clear();
        Ok(())
    }
}
