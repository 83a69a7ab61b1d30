import { FILTER, type ChunkIndex, type ChunkRecord, type FilterPipeline, type FilterSpec } from '../model.ts'
import { ByteWriter, encodeText } from './byte-writer.ts'
import { MESSAGE, type HeaderMessage } from './object-header.ts'

const FILL_VERSION = 3
const ALLOCATE = { late: 2, incremental: 3 } as const
const WRITE_IF_SET = 2 << 2
const HAS_VALUE = 1 << 5
const LAYOUT_VERSION = 3
/** Of HDF5 1.10, which knows other indexes than trees. */
const NEWER_LAYOUT_VERSION = 4
const SINGLE_CHUNK_INDEX = 1
const SINGLE_CHUNK_IS_FILTERED = 2
const LAYOUT = { contiguous: 1, chunked: 2 } as const
const FILTERS_VERSION = 2
/** Spec: filters below this number are the library's own and carry no name. */
const FIRST_NAMED_FILTER = 256
/** What its plugin gives; HDF5 2.0 makes unreadable copies of a pipeline that has a filter without a name. */
const ZSTD_NAME = 'Zstandard compression: http://www.zstd.net'

/** Spec: Fill Value message version 3; no value means zeros. */
export function fillValueMessage(
  kind: 'chunked' | 'contiguous',
  fillValue: Uint8Array | undefined,
): HeaderMessage {
  const allocate = kind === 'chunked' ? ALLOCATE.incremental : ALLOCATE.late
  const writer = new ByteWriter(16).uint8(FILL_VERSION)
  writer.uint8(allocate | WRITE_IF_SET | (fillValue ? HAS_VALUE : 0))
  if (fillValue) writer.uint32(fillValue.byteLength).bytes(fillValue)
  return { type: MESSAGE.fillValue, body: writer.toBytes(), isConstant: true }
}

/** Spec: Data Layout message version 3, contiguous; `address` null: nothing is stored. */
export function contiguousLayoutMessage(address: number | null, storedBytes: number): HeaderMessage {
  const writer = new ByteWriter(18).uint8(LAYOUT_VERSION).uint8(LAYOUT.contiguous)
  return { type: MESSAGE.layout, body: writer.address(address).uint64(storedBytes).toBytes() }
}

/** Spec: Data Layout message version 3, chunked, indexed by a version 1 B-tree; the element counts as a dimension. */
export function chunkedLayoutMessage(
  chunkShape: readonly number[],
  index: Pick<ChunkIndex, 'address'> & { readonly elementBytes: number },
): HeaderMessage {
  const writer = new ByteWriter(64).uint8(LAYOUT_VERSION).uint8(LAYOUT.chunked)
  writer.uint8(chunkShape.length + 1).address(index.address)
  for (const length of [...chunkShape, index.elementBytes]) writer.uint32(length)
  return { type: MESSAGE.layout, body: writer.toBytes() }
}

export interface SingleChunk extends Pick<ChunkRecord, 'address' | 'storedBytes' | 'filterMask'> {
  readonly elementBytes: number
  readonly isFiltered: boolean
}

/** Spec: Data Layout message version 4, a single chunk, which is the whole dataset and can never be more. */
export function singleChunkLayoutMessage(
  chunkShape: readonly number[],
  { address, storedBytes, filterMask, elementBytes, isFiltered }: SingleChunk,
): HeaderMessage {
  const lengths = [...chunkShape, elementBytes]
  // HDF5 2.0.0 does not open a dataset whose lengths take more bytes than they need.
  const lengthBytes = Math.ceil(Math.max(...lengths).toString(16).length / 2)
  const writer = new ByteWriter(64).uint8(NEWER_LAYOUT_VERSION).uint8(LAYOUT.chunked)
  writer
    .uint8(isFiltered ? SINGLE_CHUNK_IS_FILTERED : 0)
    .uint8(lengths.length)
    .uint8(lengthBytes)
  for (const length of lengths) writer.uint(length, lengthBytes)
  writer.uint8(SINGLE_CHUNK_INDEX)
  if (isFiltered) writer.uint64(storedBytes).uint32(filterMask)
  return { type: MESSAGE.layout, body: writer.uint64(address).toBytes() }
}

/** Spec: Filter Pipeline message version 2; none for an empty pipeline. */
export function filterMessages(pipeline: FilterPipeline): readonly HeaderMessage[] {
  if (pipeline.length === 0) return []
  const writer = new ByteWriter(64).uint8(FILTERS_VERSION).uint8(pipeline.length)
  for (const filter of pipeline) writeFilter(writer, filter)
  return [{ type: MESSAGE.filters, body: writer.toBytes(), isConstant: true }]
}

function writeFilter(writer: ByteWriter, filter: FilterSpec): void {
  const isNamed = filter.id >= FIRST_NAMED_FILTER
  const known = filter.name ?? (filter.id === FILTER.zstd ? ZSTD_NAME : undefined)
  const name = isNamed && known ? encodeText(`${known}\0`) : new Uint8Array(0)
  writer.uint16(filter.id)
  if (isNamed) writer.uint16(name.byteLength)
  writer.uint16(filter.flags).uint16(filter.values.length).bytes(name)
  for (const value of filter.values) writer.uint32(value)
}
