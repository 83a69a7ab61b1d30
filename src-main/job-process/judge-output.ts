import { Hdf5Error, throwIfCancelled } from '../errors.ts'
import { H5wasmFile, type ObjectSummary } from '../hdf5/h5wasm/h5wasm-file.ts'
import { hasVariableParts, shapeOf } from '../hdf5/model.ts'
import { DatasetReader } from '../hdf5/reading/dataset-reader.ts'
import { FileReader } from '../hdf5/reading/file-reader.ts'
import type { StoredDataset, StoredObject } from '../hdf5/reading/stored-object.ts'
import type { VerificationRequest } from './verify-output.ts'

const SLAB_BYTES = 8 * 2 ** 20

/**
 * A second opinion on the structure: the HDF5 library itself (h5wasm) lists what it finds in the file, and that must be what
 * our own reader finds, with the number of events in every feature. At level `independent` it also reads every value.
 */
export async function judgeOutput(request: VerificationRequest): Promise<void> {
  const judge = await H5wasmFile.open(request.path)
  const reader = await FileReader.open(request.disk, request.path)
  try {
    const summaries = await judge.listObjects()
    checkCompleteness(summaries, request)
    checkExpected(summaries, request)
    for (const summary of summaries) {
      throwIfCancelled(request.signal)
      if (summary.kind === 'other') continue
      const object = await reader.find(summary.path)
      checkObject(summary, object, request.path)
      if (object?.kind === 'dataset' && request.level === 'independent')
        await compareValues({ judge, reader, object, request })
    }
  } finally {
    await reader.close()
    await judge.close()
  }
}

function checkCompleteness(
  summaries: readonly ObjectSummary[],
  { path, written }: VerificationRequest,
): void {
  const seen = new Set(summaries.filter(({ kind }) => kind === 'dataset').map((summary) => summary.path))
  for (const dataset of written.datasets) {
    if (!seen.has(dataset.path)) {
      throw new Hdf5Error('E_VERIFY', `${path}: the HDF5 library does not find ${dataset.path}`, {
        path,
        object: dataset.path,
      })
    }
  }
}

/** Every feature has the rows that the job planned, and there are as many contours. */
function checkExpected(summaries: readonly ObjectSummary[], { path, expected }: VerificationRequest): void {
  if (expected === undefined) return
  const found = new Map(summaries.map((summary) => [summary.path, summary]))
  for (const [object, shape] of expected.shapes) {
    const wanted = shape.join(' x ')
    const actual = found.get(object)?.shape?.join(' x ') ?? 'nothing'
    if (wanted !== actual) throw describeOther({ path, object, expected: wanted, actual })
  }
  const { contourCount } = expected
  const object = '/events/contour'
  const actual = summaries.filter((summary) => summary.path.startsWith(`${object}/`)).length
  if (contourCount === undefined || contourCount === actual) return
  throw describeOther({ path, object, expected: contourCount, actual })
}

function describeOther(details: {
  readonly path: string
  readonly object: string
  readonly expected: string | number
  readonly actual: string | number
}): Hdf5Error {
  const { path, object, expected, actual } = details
  const message = `${path}: ${object} has ${actual}, but the job planned ${expected}: not all features hold the selected events`
  return new Hdf5Error('E_VERIFY', message, details)
}

function checkObject(summary: ObjectSummary, object: StoredObject | undefined, path: string): void {
  const details = { path, object: summary.path }
  if (object?.kind !== summary.kind) {
    throw new Hdf5Error(
      'E_VERIFY',
      `${path}: ${summary.path} is a ${summary.kind} for the HDF5 library and ${object?.kind ?? 'nothing'} for Weir`,
      details,
    )
  }
  const ours = object.attributes.length
  if (ours !== summary.attributeCount) {
    throw new Hdf5Error(
      'E_VERIFY',
      `${path}: ${summary.path} has ${summary.attributeCount} attributes for the HDF5 library, ${ours} for Weir`,
      details,
    )
  }
  if (object.kind !== 'dataset') return
  const expected = shapeOf(object.dataspace).join(' x ')
  const actual = (summary.shape ?? []).join(' x ')
  if (expected !== actual) {
    throw new Hdf5Error(
      'E_VERIFY',
      `${path}: ${summary.path} has the shape ${actual} for the HDF5 library, ${expected} for Weir`,
      { ...details, expected, actual },
    )
  }
}

interface ValueComparison {
  readonly judge: H5wasmFile
  readonly reader: FileReader
  readonly object: StoredDataset
  readonly request: VerificationRequest
}

/** Every value as the HDF5 library reads it, against the chunks whose hashes were proven. */
async function compareValues({ judge, reader, object, request }: ValueComparison): Promise<void> {
  // Elements with variable-length parts differ in memory from what is stored; their blocks are proven by hash.
  if (hasVariableParts(object.datatype)) return
  const own = await DatasetReader.open(reader, object, { pool: request.pool })
  const slabRows = Math.max(1, Math.floor(SLAB_BYTES / Math.max(1, own.rowBytes)))
  for (let start = 0; start < own.rowCount; start += slabRows) {
    throwIfCancelled(request.signal)
    const stop = Math.min(start + slabRows, own.rowCount)
    const [ours, theirs] = await Promise.all([
      own.readRows(start, stop),
      judge.readRowsAs(object, start, stop),
    ])
    if (!Buffer.from(ours.buffer, ours.byteOffset, ours.byteLength).equals(theirs)) {
      throw new Hdf5Error(
        'E_VERIFY',
        `${request.path}: the HDF5 library reads other values in ${object.path}, rows ${start} to ${stop - 1}`,
        {
          path: request.path,
          object: object.path,
        },
      )
    }
  }
}
