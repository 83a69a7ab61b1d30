import { LIMITS } from '../model.ts'
import { makeUnsupported } from './damage.ts'
import type { StoredDataset } from './stored-object.ts'

/** How the grid of chunks lies over a dataset. */
export interface ChunkGeometry {
  readonly shape: readonly number[]
  readonly chunkShape: readonly number[]
  /** Chunks per dimension that the present shape takes. */
  readonly gridShape: readonly number[]
  readonly gridCount: number
  /** The same for the maximum shape; null where unlimited. Newer indexes count in it. */
  readonly maxGridShape: readonly (number | null)[]
  /** Bytes of one decoded chunk. */
  readonly chunkBytes: number
}

/** Undefined for a dataset that is not chunked. */
export function measureChunks(dataset: StoredDataset): ChunkGeometry | undefined {
  const { layout, dataspace, datatype } = dataset
  if (layout.kind !== 'chunked' || dataspace.kind !== 'simple') {
    return undefined
  }
  const { chunkShape } = layout
  const { shape, maxShape } = dataspace
  const gridShape = shape.map((length, dim) => Math.ceil(length / chunkShape[dim]!))
  return {
    shape,
    chunkShape,
    gridShape,
    gridCount: gridShape.reduce((product, count) => product * count, 1),
    maxGridShape: maxShape.map((length, dim) =>
      length === null ? null : Math.ceil(length / chunkShape[dim]!),
    ),
    chunkBytes: chunkShape.reduce((product, length) => product * length, datatype.size),
  }
}

/**
 * Chunks are read whole, so that one of several GiB (HDF5 2.0 makes them) is valid, and only refused where its values are wanted.
 * @throws Unsupported E_CHUNKSIZE above LIMITS.chunkBytes.
 */
export function refuseHugeChunks(path: string, dataset: StoredDataset): void {
  const chunkBytes = measureChunks(dataset)?.chunkBytes ?? 0
  if (chunkBytes <= LIMITS.chunkBytes) return
  const what = `chunks of ${chunkBytes} bytes are larger than Weir can read (${LIMITS.chunkBytes}); store it in smaller chunks`
  const details = { code: 'E_CHUNKSIZE', expected: LIMITS.chunkBytes, actual: chunkBytes }
  throw makeUnsupported({ path, object: dataset.path }, what, details)
}

/** Row-major position of a chunk in the present grid; undefined outside of it. */
export function findGridIndex(geometry: ChunkGeometry, coordinates: readonly number[]): number | undefined {
  let index = 0
  for (const [dim, count] of geometry.gridShape.entries()) {
    const coordinate = coordinates[dim]!
    if (coordinate >= count) {
      return undefined
    }
    index = index * count + coordinate
  }
  return index
}

/** Coordinates in the grid of chunks. */
export function findCoordinates(geometry: ChunkGeometry, gridIndex: number): number[] {
  const coordinates: number[] = []
  let rest = gridIndex
  for (const count of geometry.gridShape.toReversed()) {
    coordinates.unshift(rest % count)
    rest = Math.floor(rest / count)
  }
  return coordinates
}

/** Does the chunk reach beyond the present shape? */
export function isEdgeChunk(geometry: ChunkGeometry, coordinates: readonly number[]): boolean {
  return coordinates.some((coordinate, dim) => {
    return (coordinate + 1) * geometry.chunkShape[dim]! > geometry.shape[dim]!
  })
}
