import type { ByteCursor } from './byte-cursor.ts'
import type { ChunkCollector } from './chunk-collector.ts'
import { visitTreeV1 } from './tree-v1.ts'
import { visitTreeV2 } from './tree-v2.ts'
import { Walk } from './walk.ts'

const UNFILTERED = 10
const FILTERED = 11

/** Spec: "Version 1 B-trees", node type 1: key of stored size, filter mask, offsets in elements (and 0 for the element's own). */
export async function readChunkTreeV1(collector: ChunkCollector, address: number): Promise<void> {
  const { source, place } = collector
  const { chunkShape } = collector.geometry
  await visitTreeV1(source, address, {
    nodeType: 1,
    keyBytes: 4 + 4 + 8 * (chunkShape.length + 1),
    walk: new Walk(source, place),
    place,
    onEntry: (key, child) => {
      const storedBytes = key.uint32()
      const filterMask = key.uint32()
      const coordinates = chunkShape.map((length) => toCoordinate(key, length))
      collector.add({ coordinates, address: child, storedBytes, filterMask })
    },
  })
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
  await visitTreeV2(source, address, {
    types: [UNFILTERED, FILTERED],
    walk: new Walk(source, place),
    place,
    onRecord: (record, type) => {
      const chunkAddress = record.requireAddress('a chunk')
      const sizeBytes = record.remaining - 4 - 8 * rank
      if (type === FILTERED && (sizeBytes < 1 || sizeBytes > 8)) {
        throw record.damage(`a chunk record of ${record.bytes.length} bytes is impossible`)
      }
      const filtered =
        type === FILTERED ? { storedBytes: record.uint(sizeBytes), filterMask: record.uint32() } : undefined
      const coordinates = Array.from({ length: rank }, () => record.length())
      collector.add({ coordinates, address: chunkAddress, ...filtered })
    },
  })
}
