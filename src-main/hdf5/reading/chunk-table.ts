import { assertNever } from '../../errors.ts'
import type { ChunkIndex, ChunkRecord } from '../model.ts'
import { ChunkCollector, MOST_CHUNKS } from './chunk-collector.ts'
import { findCoordinates, measureChunks } from './chunk-geometry.ts'
import type { ChunkGeometry } from './chunk-geometry.ts'
import { readChunkTreeV1, readChunkTreeV2 } from './chunk-trees.ts'
import { makeUnsupported } from './damage.ts'
import { readExtensibleArray } from './extensible-array.ts'
import type { FileReader } from './file-reader.ts'
import { readFixedArray } from './fixed-array.ts'
import type { StoredDataset } from './stored-object.ts'

/** Where the chunks of a dataset lie. */
export interface ChunkTable {
  readonly chunkShape: readonly number[]
  /** Chunks per dimension. */
  readonly gridShape: readonly number[]
  /** What was written, in ascending order of `gridIndex`. */
  readonly records: readonly ChunkRecord[]
  /** Undefined: this chunk was never written. */
  get(gridIndex: number): ChunkRecord | undefined
}

/**
 * Reads the whole index of a chunked dataset, whatever its kind. Every record lies in the file and in the dataset's grid.
 * @throws E_META, E_CYCLE; Unsupported for a dataset that is not chunked.
 */
export async function readChunkTable(file: FileReader, dataset: StoredDataset): Promise<ChunkTable> {
  const geometry = measureChunks(dataset)
  if (geometry === undefined || dataset.layout.kind !== 'chunked') {
    const place = { path: file.path, object: dataset.path }
    throw makeUnsupported(place, `the dataset is stored ${dataset.layout.kind}, not in chunks`)
  }
  const { index, chunkShape } = dataset.layout
  const collector = new ChunkCollector(file.source, dataset, { geometry, index })
  if (index.address !== null && geometry.gridCount > 0) {
    await readIndex(collector, index, index.address)
  }
  const records = collector.finish()
  return {
    chunkShape,
    gridShape: geometry.gridShape,
    records,
    get: (gridIndex) => search(records, gridIndex),
  }
}

function readIndex(collector: ChunkCollector, index: ChunkIndex, address: number): Promise<void> | void {
  switch (index.kind) {
    case 'btree-v1':
      return readChunkTreeV1(collector, address)
    case 'btree-v2':
      return readChunkTreeV2(collector, address)
    case 'fixed-array':
      return readFixedArray(collector, address)
    case 'extensible-array':
      return readExtensibleArray(collector, address)
    case 'single':
      return collector.add({
        coordinates: collector.geometry.gridShape.map(() => 0),
        address,
        ...index.single,
      })
    case 'implicit':
      return addImplicit(collector, address)
    default:
      return assertNever(index.kind)
  }
}

/** All chunks of the maximum shape lie one after the other. */
function addImplicit(collector: ChunkCollector, address: number): void {
  const { geometry } = collector
  if (geometry.gridCount > MOST_CHUNKS) {
    throw collector.damage(`${geometry.gridCount} chunks are too many`, address)
  }
  for (let gridIndex = 0; gridIndex < geometry.gridCount; gridIndex += 1) {
    const coordinates = findCoordinates(geometry, gridIndex)
    collector.add({
      coordinates,
      address: address + countBefore(geometry, coordinates) * geometry.chunkBytes,
    })
  }
}

function countBefore(geometry: ChunkGeometry, coordinates: readonly number[]): number {
  return coordinates.reduce(
    (count, coordinate, dim) => count * (geometry.maxGridShape[dim] ?? 0) + coordinate,
    0,
  )
}

function search(records: readonly ChunkRecord[], gridIndex: number): ChunkRecord | undefined {
  let low = 0
  let high = records.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const record = records[middle]!
    if (record.gridIndex === gridIndex) return record
    if (record.gridIndex < gridIndex) low = middle + 1
    else high = middle - 1
  }
  return undefined
}
