import { Hdf5Error } from '../../errors.ts'
import type { ChunkRecord } from '../model.ts'
import { measureChunks } from './chunk-geometry.ts'
import type { StoredDataset } from './stored-object.ts'

export interface ChunkPlace {
  /** Of the file. */
  readonly path: string
  readonly dataset: StoredDataset
  readonly record: ChunkRecord
}

/** The error of a codec, which knows only bytes, as one that names file, events and place. Any other error stays what it is. */
export function explainChunkError(error: unknown, { path, dataset, record }: ChunkPlace): unknown {
  if (!(error instanceof Hdf5Error) || error.path !== undefined) {
    return error
  }
  const what = `${describeChunk(dataset, record.gridIndex)} unreadable: ${error.message}`
  return new Hdf5Error(error.code, `${path}: ${what} (chunk at byte ${record.address})`, {
    path,
    object: dataset.path,
    offset: record.address,
    expected: error.expected,
    actual: error.actual,
    cause: error,
  })
}

/** As `image, events 4000-4039`. */
export function describeChunk(dataset: StoredDataset, gridIndex: number): string {
  const geometry = measureChunks(dataset)
  // The rows of everything directly in /events, and of traces, are events.
  const isFeature = /^\/events\/([^/]+|trace\/[^/]+)$/.test(dataset.path)
  const name = dataset.path.replace(/^\/(events\/)?/, '')
  if (geometry === undefined) return name
  const chunksPerBand = geometry.gridShape.slice(1).reduce((product, count) => product * count, 1)
  const bandRows = geometry.chunkShape[0]!
  const first = Math.floor(gridIndex / chunksPerBand) * bandRows
  const last = Math.min(first + bandRows, geometry.shape[0]!) - 1
  return `${name}, ${isFeature ? 'events' : 'rows'} ${first}-${last}`
}
