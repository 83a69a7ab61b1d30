import { InvalidInput, Unsupported } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import { elementCount, hasVariableParts } from '../hdf5/model.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset } from '../hdf5/reading/stored-object.ts'
import { readStrings } from '../hdf5/reading/text.ts'
import type { LogView } from '../jobs/file-view.ts'
import { H5wasmFallback } from '../read/h5wasm-fallback.ts'
import { readStructure } from '../read/measurement-structure.ts'
import { holdsText, readLines } from '../read/read-lines.ts'
import { showName, showText } from './show-text.ts'
import { VIEW_LIMITS } from './view-limits.ts'

/**
 * The first lines of a log, by its name or by the form in which `describeFile` shows it.
 * Throws E_MISSING if there is none, E_TYPE if it holds no text, and what reading throws.
 */
export async function readLog(disk: DiskPort, path: string, name: string): Promise<LogView> {
  const file = await FileReader.open(disk, path)
  const pool = createFilterPool({ threads: 1 })
  const fallback = new H5wasmFallback(path)
  try {
    const log = await findLog(file, name)
    const reader = await DatasetReader.open(file, log, { pool, fallback })
    return composeLog(await readFirstLines(path, reader), elementCount(log.dataspace))
  } finally {
    await fallback.close()
    await pool.close()
    await file.close()
  }
}

async function findLog(file: FileReader, name: string): Promise<StoredDataset> {
  const { logs } = await readStructure(file)
  const nameOf = ({ path }: StoredDataset): string => path.slice(path.lastIndexOf('/') + 1)
  const log =
    logs.datasets.find((one) => nameOf(one) === name) ??
    logs.datasets.find((one) => showName(nameOf(one)) === name)
  if (log !== undefined) return log
  const message = `${file.path} has no log "${showName(name)}"`
  throw new InvalidInput('E_MISSING', message, { path: file.path, object: '/logs' })
}

/** Lines of variable length are read whole: where each one lies is known only then. */
async function readFirstLines(path: string, reader: DatasetReader): Promise<string[]> {
  const { dataset, rowCount, rowBytes } = reader
  if (!holdsText(reader) || hasVariableParts(dataset.datatype)) return readLines(path, reader)
  const rows = Math.min(rowCount, VIEW_LIMITS.logLines)
  if (rows * rowBytes <= MOST_TEXT_BYTES)
    return readStrings(dataset.datatype, { bytes: await reader.readRows(0, rows), sequences: [] })
  const details = { path, object: dataset.path }
  throw new Unsupported(
    'E_DIMS',
    `${dataset.path} has lines of ${rowBytes} bytes, too long to be shown`,
    details,
  )
}

const MOST_TEXT_BYTES = 64 * 2 ** 20

function composeLog(lines: readonly string[], lineCount: number): LogView {
  let left: number = VIEW_LIMITS.viewCharacters
  const shown: string[] = []
  for (const line of lines.slice(0, VIEW_LIMITS.logLines)) {
    const text = showText(line)
    left -= text.length
    if (left < 0) break
    shown.push(text)
  }
  const isCut = shown.length < lineCount || lines.some((line) => line.length > VIEW_LIMITS.textCharacters)
  return { lines: shown, lineCount, isCut }
}
