//! `read-values READER FILE PATH`: reads one dataset with a reader of HDF5 in pure Rust. Prints a line with the shape, then the values as
//! little-endian doubles; or says on standard error what the reader says, and exits with 1.

use std::error::Error;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// Shape and values.
type Values = (Vec<u64>, Vec<f64>);

fn read_by_hdf5_pure(file: &str, path: &str) -> Result<Values, Box<dyn Error>> {
    let dataset = hdf5_pure::File::open(file)?.dataset(path)?;
    Ok((dataset.shape()?, dataset.read_f64()?))
}

fn read_by_hdf5_reader(file: &str, path: &str) -> Result<Values, Box<dyn Error>> {
    let dataset = hdf5_reader::Hdf5File::open(file)?.dataset(path)?;
    Ok((dataset.shape().to_vec(), read_as_doubles(&dataset)?))
}

/// It converts nothing: the asked type is to be the stored one.
fn read_as_doubles(dataset: &hdf5_reader::Dataset) -> Result<Vec<f64>, Box<dyn Error>> {
    use hdf5_reader::Datatype::{FixedPoint, FloatingPoint};

    macro_rules! read {
        ($type:ty) => {
            dataset
                .read_array::<$type>()?
                .iter()
                .map(|value| *value as f64)
                .collect()
        };
    }
    Ok(match dataset.dtype() {
        FloatingPoint { size: 4, .. } => read!(f32),
        FloatingPoint { size: 8, .. } => read!(f64),
        FixedPoint { size, signed, .. } => match (size, signed) {
            (1, false) => read!(u8),
            (2, false) => read!(u16),
            (4, false) => read!(u32),
            (8, false) => read!(u64),
            (1, true) => read!(i8),
            (2, true) => read!(i16),
            (4, true) => read!(i32),
            (8, true) => read!(i64),
            _ => {
                return Err(
                    format!("this program does not ask for integers of {size} bytes").into(),
                )
            }
        },
        other => return Err(format!("this program does not ask for {other:?}").into()),
    })
}

/// A line with the shape, then the values as little-endian doubles.
fn write_values(out: &mut impl Write, (shape, values): &Values) -> std::io::Result<()> {
    writeln!(out, "{shape:?}")?;
    for value in values {
        out.write_all(&value.to_le_bytes())?;
    }
    out.flush()
}

fn read_values() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [reader, file, path] = words.as_slice() else {
        return Err("usage: read-values READER FILE PATH".into());
    };
    let values = match reader.as_str() {
        "hdf5-pure" => read_by_hdf5_pure(file, path)?,
        "hdf5-reader" => read_by_hdf5_reader(file, path)?,
        other => return Err(format!("no reader {other}").into()),
    };
    write_values(&mut BufWriter::new(std::io::stdout().lock()), &values)?;
    Ok(())
}

fn main() -> ExitCode {
    match read_values() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
