import type { ByteCursor } from './byte-cursor.ts'
import type { ChunkCollector } from './chunk-collector.ts'
import { visitTreeV1 } from './tree-v1.ts'
import { visitTreeV2 } from './tree-v2.ts'
import { Walk } from './walk.ts'

const UNFILTERED = 10
const FILTERED = 11
const ADDRESS_BYTES = 8
const MASK_BYTES = 4

/** Spec: "Version 1 B-trees", node type 1: key of stored size, filter mask, offsets in elements (and 0 for the element's own). */
export async function readChunkTreeV1(collector: ChunkCollector, address: number): Promise<void> {
  const { source, place } = collector
  const { chunkShape } = collector.geometry
  const elementBytes = collector.dataset.datatype.size
  await visitTreeV1(source, address, {
    nodeType: 1,
    keyBytes: 4 + 4 + 8 * (chunkShape.length + 1),
    mostChildren: source.treeRanks && 2 * source.treeRanks.chunks,
    walk: new Walk(source, place),
    place,
    readKey: (cursor) => readChunkKey(cursor, [...chunkShape, elementBytes]),
    compare: (one, other) => compareCoordinates(one.coordinates, other.coordinates),
    onEntry: ({ left: { storedBytes, filterMask, coordinates }, child }) => {
      if (coordinates.at(-1) !== 0) {
        throw collector.damage('a chunk begins inside of an element', child)
      }
      collector.add({ coordinates: coordinates.slice(0, -1), address: child, storedBytes, filterMask })
    },
  })
}

interface ChunkKey {
  readonly storedBytes: number
  readonly filterMask: number
  /** In chunks; the last one counts in elements. */
  readonly coordinates: readonly number[]
}

function readChunkKey(cursor: ByteCursor, lengths: readonly number[]): ChunkKey {
  return {
    storedBytes: cursor.uint32(),
    filterMask: cursor.uint32(),
    coordinates: lengths.map((length) => toCoordinate(cursor, length)),
  }
}

function compareCoordinates(one: readonly number[], other: readonly number[]): number {
  const dim = one.findIndex((coordinate, index) => coordinate !== other[index])
  return dim < 0 ? 0 : one[dim]! - other[dim]!
}

function toCoordinate(key: ByteCursor, chunkLength: number): number {
  const start = key.length()
  if (start % chunkLength !== 0) {
    throw key.damage(`a chunk begins at ${start}, which is no multiple of ${chunkLength}`, { back: 8 })
  }
  return start / chunkLength
}

/** Spec: "Version 2 B-trees", record types 10 (no filters) and 11 (filters): for datasets with several unlimited dimensions. */
export async function readChunkTreeV2(collector: ChunkCollector, address: number): Promise<void> {
  const { source, place } = collector
  const rank = collector.geometry.chunkShape.length
  const isFiltered = collector.dataset.filters.length > 0
  const sizeBytes = isFiltered ? collector.sizeBytes : 0
  let last: readonly number[] | undefined
  await visitTreeV2(source, address, {
    types: [isFiltered ? FILTERED : UNFILTERED],
    recordBytes: ADDRESS_BYTES + (isFiltered ? sizeBytes + MASK_BYTES : 0) + 8 * rank,
    walk: new Walk(source, place),
    place,
    onRecord: (record) => {
      const chunkAddress = record.requireAddress('a chunk')
      const filtered = isFiltered
        ? { storedBytes: record.uint(sizeBytes), filterMask: record.uint32() }
        : undefined
      const coordinates = Array.from({ length: rank }, () => record.length())
      if (last !== undefined && compareCoordinates(last, coordinates) >= 0) {
        throw record.damage('the chunks of a B-tree do not ascend', { back: record.position })
      }
      last = coordinates
      collector.add({ coordinates, address: chunkAddress, ...filtered })
    },
  })
}
