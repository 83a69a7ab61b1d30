import { Unsupported } from '../errors.ts'
import type { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { readStrings } from '../hdf5/reading/text.ts'

/** More text than any log or basin definition has; a hostile file must not decide how much memory is taken. */
const MOST_TEXT_BYTES = 64 * 2 ** 20

/** Is every element a text? */
export function holdsText(reader: DatasetReader): boolean {
  const type = reader.dataset.datatype.class
  return type === 'string' || type === 'variable-string'
}

/**
 * All lines of a log or basin definition in the file `path`, without padding.
 * Throws Unsupported E_TYPE if it holds no text, E_DIMS above 64 MiB; and what reading throws.
 */
export async function readLines(path: string, reader: DatasetReader): Promise<string[]> {
  const { dataset, rowCount, rowBytes } = reader
  const details = { path, object: dataset.path }
  if (!holdsText(reader)) {
    throw new Unsupported(
      'E_TYPE',
      `${dataset.path} should hold text, but holds ${dataset.datatype.class}`,
      details,
    )
  }
  if (rowCount * rowBytes > MOST_TEXT_BYTES) {
    throw new Unsupported('E_DIMS', `${dataset.path} claims ${rowCount * rowBytes} bytes of text`, details)
  }
  return readStrings(dataset.datatype, await reader.readAll())
}
