import type { ChunkGeometry } from './chunk-geometry.ts'

/** Rows `start` to `stop` of the whole dataset, one after the other. */
export interface RowTarget {
  readonly bytes: Uint8Array
  readonly start: number
  readonly stop: number
  readonly rowBytes: number
}

/** Copies what a decoded chunk has of the wanted rows to their place; what lies beyond the shape is left out. */
export function copyChunkRows(
  chunk: Uint8Array,
  target: RowTarget,
  at: { readonly geometry: ChunkGeometry; readonly coordinates: readonly number[] },
): void {
  const { chunkShape, shape } = at.geometry
  const chunkRows = chunkShape[0]!
  const firstRow = at.coordinates[0]! * chunkRows
  const from = Math.max(target.start, firstRow)
  const to = Math.min(target.stop, firstRow + chunkRows, shape[0]!)
  const chunkRowBytes = chunk.length / chunkRows
  const isWholeRows = chunkShape.every((length, dim) => dim === 0 || length === shape[dim])
  if (isWholeRows) {
    const piece = chunk.subarray(
      (from - firstRow) * chunkRowBytes,
      Math.max(from, to) * chunkRowBytes - firstRow * chunkRowBytes,
    )
    target.bytes.set(piece, (from - target.start) * target.rowBytes)
    return
  }
  for (let row = from; row < to; row += 1) {
    const source = (row - firstRow) * chunkRowBytes
    const into = (row - target.start) * target.rowBytes
    copyInner(chunk, target, {
      ...at,
      dim: 1,
      source,
      into,
      sourceStep: chunkRowBytes,
      intoStep: target.rowBytes,
    })
  }
}

interface InnerCopy {
  readonly geometry: ChunkGeometry
  readonly coordinates: readonly number[]
  readonly dim: number
  readonly source: number
  readonly into: number
  /** Bytes of one item of the dimension above, in the chunk and in the rows. */
  readonly sourceStep: number
  readonly intoStep: number
}

function copyInner(chunk: Uint8Array, target: RowTarget, copy: InnerCopy): void {
  const { chunkShape, shape } = copy.geometry
  const length = chunkShape[copy.dim]!
  const whole = shape[copy.dim]!
  const first = copy.coordinates[copy.dim]! * length
  const count = Math.min(length, whole - first)
  const sourceStep = copy.sourceStep / length
  const intoStep = copy.intoStep / whole
  const into = copy.into + first * intoStep
  if (copy.dim === chunkShape.length - 1) {
    target.bytes.set(chunk.subarray(copy.source, copy.source + count * sourceStep), into)
    return
  }
  for (let item = 0; item < count; item += 1) {
    const source = copy.source + item * sourceStep
    copyInner(chunk, target, {
      ...copy,
      dim: copy.dim + 1,
      source,
      into: into + item * intoStep,
      sourceStep,
      intoStep,
    })
  }
}
