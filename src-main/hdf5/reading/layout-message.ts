import { LIMITS, elementCount } from '../model.ts'
import type { ChunkIndex, ChunkIndexKind, Dataspace, Datatype, Layout } from '../model.ts'
import type { ByteCursor } from './byte-cursor.ts'
import { makeDamage } from './damage.ts'

const CLASS = { compact: 0, contiguous: 1, chunked: 2, virtual: 3 } as const
const INDEX_KINDS: readonly (ChunkIndexKind | undefined)[] = [
  undefined,
  'single',
  'implicit',
  'fixed-array',
  'extensible-array',
  'btree-v2',
]
/** Spec: an extensible array is for one dimension without limit, a fixed one for none. */
const UNLIMITED_DIMENSIONS: Partial<Record<ChunkIndexKind, number>> = {
  'extensible-array': 1,
  'fixed-array': 0,
  implicit: 0,
}
const FLAG_UNFILTERED_EDGES = 0x01
const FLAG_SINGLE_FILTERED = 0x02
const KNOWN_FLAGS = 0x03

/** What the layout has to fit to. */
export interface LayoutSubject {
  readonly datatype: Datatype
  readonly dataspace: Dataspace
}

/**
 * Spec: "Data Layout Message", versions 1 to 5.
 * @throws E_META where it does not fit dataspace and datatype, E_CHUNKSIZE for a chunk of 0 bytes. How large a chunk may be to be read:
 * `refuseHugeChunks`.
 */
export function parseLayout(cursor: ByteCursor, subject: LayoutSubject): Layout {
  const version = cursor.expectVersion([1, 2, 3, 4, 5], 'the data layout')
  if (version < 3) {
    return parseOldLayout(cursor, subject)
  }
  const layoutClass = cursor.uint8()
  switch (layoutClass) {
    case CLASS.compact:
      return makeCompact(cursor, cursor.uint16(), subject)
    case CLASS.contiguous:
      return makeContiguous(cursor, { address: cursor.address(), storedBytes: cursor.length() }, subject)
    case CLASS.chunked:
      return version === 3 ? parseChunked3(cursor, subject) : parseChunked4(cursor, version, subject)
    case CLASS.virtual:
      if (version > 3) return parseVirtual(cursor)
      throw cursor.damage(`a virtual layout of version ${version} is impossible`, { back: 1 })
    default:
      throw cursor.damage(`layout class ${layoutClass} is not known`, { back: 1 })
  }
}

/** Versions 1 and 2: one form for all classes, the size of contiguous data not stored. */
function parseOldLayout(cursor: ByteCursor, subject: LayoutSubject): Layout {
  const rank = cursor.uint8()
  const layoutClass = cursor.uint8()
  cursor.skip(5)
  checkRank(cursor, rank)
  if (rank === 0) {
    throw cursor.damage('a layout of 0 dimensions is impossible')
  }
  const address = layoutClass === CLASS.compact ? null : cursor.address()
  const sizes = Array.from({ length: rank }, () => cursor.uint32())
  switch (layoutClass) {
    case CLASS.compact:
      return makeCompact(cursor, cursor.uint32(), subject)
    case CLASS.contiguous:
      return makeContiguous(cursor, { address, storedBytes: countBytes(subject) }, subject)
    case CLASS.chunked:
      return makeChunked(cursor, sizes, { subject, index: { kind: 'btree-v1', address, layoutVersion: 3 } })
    default:
      throw cursor.damage(`layout class ${layoutClass} is not known`)
  }
}

function parseVirtual(cursor: ByteCursor): Layout {
  const address = cursor.address()
  return { kind: 'virtual', mapping: address === null ? null : { address, index: cursor.uint32() } }
}

function parseChunked3(cursor: ByteCursor, subject: LayoutSubject): Layout {
  const rank = checkRank(cursor, cursor.uint8())
  const address = cursor.address()
  const sizes = Array.from({ length: rank }, () => cursor.uint32())
  return makeChunked(cursor, sizes, { subject, index: { kind: 'btree-v1', address, layoutVersion: 3 } })
}

function parseChunked4(cursor: ByteCursor, layoutVersion: number, subject: LayoutSubject): Layout {
  const flags = cursor.uint8()
  if ((flags & ~KNOWN_FLAGS) !== 0) {
    throw cursor.damage(`the data layout has unknown flags (${flags})`, { back: 1 })
  }
  const rank = checkRank(cursor, cursor.uint8())
  const sizeBytes = cursor.uint8()
  if (sizeBytes < 1 || sizeBytes > 8) {
    throw cursor.damage(`chunk dimensions of ${sizeBytes} bytes are impossible`, { back: 1 })
  }
  const sizes = Array.from({ length: rank }, () => cursor.uint(sizeBytes))
  const code = cursor.uint8()
  const kind = INDEX_KINDS[code]
  if (kind === undefined) {
    throw cursor.damage(`chunk index ${code} is not known`, { back: 1 })
  }
  const single = skipCreationParameters(cursor, kind, flags)
  const unfilteredEdges = (flags & FLAG_UNFILTERED_EDGES) !== 0
  const index: ChunkIndex = {
    kind,
    address: cursor.address(),
    layoutVersion,
    ...(single && { single }),
    ...(unfilteredEdges && { unfilteredEdges }),
  }
  return makeChunked(cursor, sizes, { subject, index })
}

/** The parameters stand again in the header of the index itself; only those of a single chunk do not. */
function skipCreationParameters(
  cursor: ByteCursor,
  kind: ChunkIndexKind,
  flags: number,
): ChunkIndex['single'] {
  switch (kind) {
    case 'single':
      return flags & FLAG_SINGLE_FILTERED
        ? { storedBytes: cursor.length(), filterMask: cursor.uint32() }
        : undefined
    case 'fixed-array':
      requireParameters(cursor, 1)
      return undefined
    case 'extensible-array':
      requireParameters(cursor, 5)
      return undefined
    case 'btree-v2':
      cursor.skip(6)
      return undefined
    case 'implicit':
    case 'btree-v1':
      return undefined
  }
}

/** Spec: none of them can be 0. */
function requireParameters(cursor: ByteCursor, count: number): void {
  if (cursor.run(count).includes(0)) {
    throw cursor.damage('a chunk index has impossible parameters', { back: count })
  }
}

function checkRank(cursor: ByteCursor, rank: number): number {
  if (rank > LIMITS.rank + 1) {
    throw cursor.damage(`a layout of ${rank} dimensions is impossible`)
  }
  return rank
}

function countBytes(subject: LayoutSubject): number {
  return elementCount(subject.dataspace) * subject.datatype.size
}

function makeCompact(cursor: ByteCursor, byteCount: number, subject: LayoutSubject): Layout {
  const needed = countBytes(subject)
  if (byteCount < needed) {
    throw cursor.damage(`compact data of ${byteCount} bytes are too short for ${needed}`)
  }
  return { kind: 'compact', data: cursor.copy(byteCount).subarray(0, needed) }
}

interface Extent {
  readonly address: number | null
  readonly storedBytes: number
}

function makeContiguous(cursor: ByteCursor, extent: Extent, subject: LayoutSubject): Layout {
  const needed = countBytes(subject)
  if (extent.address !== null && extent.storedBytes < needed) {
    throw cursor.damage(`contiguous data of ${extent.storedBytes} bytes are too short for ${needed}`)
  }
  // HDF5 takes it for a length that was lost and does not open such a dataset.
  if (extent.address !== null && needed === 0) {
    throw cursor.damage(`contiguous data lie at ${extent.address}, but the shape has no elements`)
  }
  return {
    kind: 'contiguous',
    address: extent.address,
    storedBytes: extent.address === null ? 0 : extent.storedBytes,
  }
}

function checkIndex(cursor: ByteCursor, { kind }: ChunkIndex, maxShape: readonly (number | null)[]): void {
  const unlimited = maxShape.filter((length) => length === null).length
  const expected = UNLIMITED_DIMENSIONS[kind]
  if (expected !== undefined && unlimited !== expected) {
    throw cursor.damage(`a chunk index of kind ${kind} does not fit ${unlimited} dimensions without limit`)
  }
}

interface ChunkedSubject {
  readonly subject: LayoutSubject
  readonly index: ChunkIndex
}

/** `sizes`: chunk shape, then the size of one element. */
function makeChunked(cursor: ByteCursor, sizes: readonly number[], chunked: ChunkedSubject): Layout {
  const { datatype, dataspace } = chunked.subject
  const chunkShape = sizes.slice(0, -1)
  const elementBytes = sizes.at(-1)
  if (elementBytes !== datatype.size) {
    throw cursor.damage(
      `chunks are made for elements of ${elementBytes} bytes, the datatype has ${datatype.size}`,
    )
  }
  if (dataspace.kind !== 'simple' || dataspace.shape.length !== chunkShape.length) {
    throw cursor.damage(`chunks of ${chunkShape.length} dimensions do not fit the dataspace`)
  }
  checkIndex(cursor, chunked.index, dataspace.maxShape)
  const chunkBytes = chunkShape.reduce((product, length) => product * length, datatype.size)
  if (chunkBytes === 0) {
    const what = `chunks of ${chunkShape.join(' x ')} elements hold nothing`
    throw makeDamage(cursor.place, what, { offset: cursor.offset, actual: chunkBytes }, 'E_CHUNKSIZE')
  }
  return { kind: 'chunked', chunkShape, index: chunked.index }
}
