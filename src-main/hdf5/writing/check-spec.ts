import { Hdf5Error, InvalidInput, Unsupported, type ErrorDetails } from '../../errors.ts'
import { describeFilter, isKnownFilter } from '../filters/pipeline.ts'
import { hasVariableParts, LIMITS } from '../model.ts'
import { multiply } from './chunk-grid.ts'
import type { ChunkedStorage, DatasetSpec } from './dataset-spec.ts'
import { encodeDatatype } from './datatypes.ts'
import { MAX_MESSAGE_BYTES } from './object-header.ts'

const MAX_CHUNK_LENGTH = 2 ** 32 - 1

/**
 * Throws if a dataset cannot be written as asked: InvalidInput (E_DIMS, E_LEN), Unsupported (E_TYPE, E_FILTER) or
 * Hdf5Error (E_CHUNKSIZE).
 */
export function checkSpec(spec: DatasetSpec, place: ErrorDetails): void {
  if (!isSpec(spec)) {
    const text = `${place.object}: a dataset is made of a datatype, a shape and its storage`
    throw new InvalidInput('E_USAGE', text, place)
  }
  const bytes = encodeDatatype(spec.datatype).byteLength
  if (bytes > MAX_MESSAGE_BYTES) {
    throw new Unsupported(
      'E_TYPE',
      `${place.object}: its datatype takes ${bytes} bytes, more than a header can keep`,
      place,
    )
  }
  checkFillValue(spec, place)
  if (spec.shape !== null) checkShape(spec, spec.shape, place)
  if (spec.storage.kind === 'chunked') checkChunks(spec.storage, spec, place)
}

/** Callers without types may give anything. */
function isSpec(given: Partial<DatasetSpec> | undefined): boolean {
  return given?.shape !== undefined && Boolean(given.datatype && given.storage)
}

function checkFillValue({ fillValue, datatype }: DatasetSpec, place: ErrorDetails): void {
  if (!fillValue) return
  if (hasVariableParts(datatype) && fillValue.some((byte) => byte !== 0)) {
    throw new Unsupported(
      'E_TYPE',
      `${place.object}: a fill value of variable length cannot be written`,
      place,
    )
  }
  if (fillValue.byteLength !== datatype.size) {
    const counts = { expected: datatype.size, actual: fillValue.byteLength }
    const text = `${place.object}: the fill value has ${counts.actual} bytes, an element has ${counts.expected}`
    throw new InvalidInput('E_LEN', text, { ...place, ...counts })
  }
}

function checkShape(spec: DatasetSpec, shape: readonly number[], place: ErrorDetails): void {
  const isLength = (length: number): boolean => Number.isSafeInteger(length) && length >= 0
  const bytes = multiply(shape) * spec.datatype.size
  if (shape.length > LIMITS.rank || !shape.every(isLength) || !Number.isSafeInteger(bytes)) {
    throw new InvalidInput('E_DIMS', `${place.object}: a shape of (${shape.join(', ')}) is impossible`, place)
  }
  const { maxShape } = spec
  if (!maxShape) return
  const fits = shape.every((length, axis) => (maxShape[axis] ?? length) >= length)
  const canGrow = maxShape.some((length, axis) => length !== shape[axis])
  if (maxShape.length !== shape.length || !fits || (canGrow && spec.storage.kind === 'contiguous')) {
    const text = `${place.object}: a ${spec.storage.kind} dataset of shape (${shape.join(', ')}) cannot have a maximum of (${maxShape.join(', ')})`
    throw new InvalidInput('E_DIMS', text, place)
  }
}

function checkChunks(storage: ChunkedStorage, spec: DatasetSpec, place: ErrorDetails): void {
  const { chunkShape, filters } = storage
  const { shape, maxShape, datatype } = spec
  const isLength = (length: number): boolean =>
    Number.isInteger(length) && length > 0 && length <= MAX_CHUNK_LENGTH
  const isTooLong = (length: number, axis: number): boolean =>
    axis > 0 && shape![axis]! > 0 && length > (maxShape ? (maxShape[axis] ?? Infinity) : shape![axis]!)
  if (
    !shape?.length ||
    chunkShape.length !== shape.length ||
    !chunkShape.every(isLength) ||
    chunkShape.some(isTooLong)
  ) {
    const text = `${place.object}: a shape of (${shape?.join(', ') ?? ''}) cannot have chunks of (${chunkShape.join(', ')})`
    throw new InvalidInput('E_DIMS', text, place)
  }
  checkSingle(storage, spec, place)
  const chunkBytes = multiply(chunkShape) * datatype.size
  if (chunkBytes > LIMITS.chunkBytes) {
    const counts = { expected: LIMITS.chunkBytes, actual: chunkBytes }
    const text = `${place.object}: chunks of ${chunkBytes} bytes are larger than Weir can work with (${LIMITS.chunkBytes}); choose smaller chunks`
    throw new Hdf5Error('E_CHUNKSIZE', text, { ...place, ...counts })
  }
  const unknown = filters.find((filter) => !isKnownFilter(filter.id))
  if (unknown) {
    const text = `${place.object}: Weir cannot write with filter ${describeFilter(unknown.id)}`
    throw new Unsupported('E_FILTER', text, { ...place, actual: unknown.id })
  }
  if (filters.length > LIMITS.filters) {
    throw new Unsupported('E_FILTER', `${place.object}: ${filters.length} filters are too many`, place)
  }
}

/** HDF5 would overwrite the first rows of a single chunk that could grow. */
function checkSingle({ isSingle, chunkShape }: ChunkedStorage, spec: DatasetSpec, place: ErrorDetails): void {
  if (!isSingle) return
  const { shape, maxShape } = spec
  const isWhole = chunkShape.every((length, axis) => length === shape?.[axis] && length === maxShape?.[axis])
  if (isWhole) return
  const text = `${place.object}: a single chunk of (${chunkShape.join(', ')}) is not all that the dataset can ever hold`
  throw new InvalidInput('E_DIMS', text, place)
}
