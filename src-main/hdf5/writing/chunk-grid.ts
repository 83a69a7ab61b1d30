/** How a dataset is cut into chunks. A band is all chunks of the same rows. */
export interface ChunkGrid {
  readonly chunkShape: readonly number[]
  /** Chunks per dimension behind the first. */
  readonly innerGrid: readonly number[]
  readonly chunksPerBand: number
  readonly bandRows: number
  readonly chunkBytes: number
  readonly rowBytes: number
  readonly elementBytes: number
  /** Pieces of one row that stay together in one chunk. */
  readonly runs: readonly Run[]
}

/** Bytes of a row and where they go: into a chunk of the band, at an offset within the chunk's row. */
interface Run {
  readonly from: number
  readonly byteCount: number
  readonly chunk: number
  readonly to: number
}

/** `shape` and `chunkShape` have at least one dimension; chunks are not empty. */
export function makeGrid(
  shape: readonly number[],
  chunkShape: readonly number[],
  elementBytes: number,
): ChunkGrid {
  const itemShape = shape.slice(1)
  const innerGrid = itemShape.map((length, axis) => Math.ceil(length / chunkShape[axis + 1]!))
  return {
    chunkShape,
    innerGrid,
    chunksPerBand: multiply(innerGrid),
    bandRows: chunkShape[0]!,
    chunkBytes: multiply(chunkShape) * elementBytes,
    rowBytes: multiply(itemShape) * elementBytes,
    elementBytes,
    runs: listRuns({ itemShape, innerChunk: chunkShape.slice(1), innerGrid, elementBytes }),
  }
}

/** Offset of a chunk in elements, from its row-major position in the grid. */
export function chunkOffset(grid: ChunkGrid, gridIndex: number): number[] {
  const offset = grid.chunkShape.map(() => 0)
  let rest = gridIndex
  for (let axis = grid.innerGrid.length; axis > 0; axis -= 1) {
    const count = grid.innerGrid[axis - 1]!
    offset[axis] = (rest % count) * grid.chunkShape[axis]!
    rest = Math.floor(rest / count)
  }
  offset[0] = rest * grid.bandRows
  return offset
}

export function multiply(lengths: readonly number[]): number {
  return lengths.reduce((product, length) => product * length, 1)
}

interface RowCut {
  readonly itemShape: readonly number[]
  readonly innerChunk: readonly number[]
  readonly innerGrid: readonly number[]
  readonly elementBytes: number
}

/** Walks over all lines (last dimension) of one row and cuts each at the borders of the chunks. */
function listRuns(cut: RowCut): Run[] {
  const { itemShape, innerChunk, elementBytes } = cut
  const rowBytes = multiply(itemShape) * elementBytes
  if (rowBytes === 0) return []
  if (itemShape.every((length, axis) => length === innerChunk[axis])) {
    return [{ from: 0, byteCount: rowBytes, chunk: 0, to: 0 }]
  }
  const lineLength = itemShape.at(-1)!
  const pieceLength = innerChunk.at(-1)!
  const lineCount = rowBytes / (lineLength * elementBytes)
  const runs: Run[] = []
  for (let line = 0; line < lineCount; line += 1) {
    const place = placeLine(line, cut)
    for (let start = 0; start < lineLength; start += pieceLength) {
      runs.push({
        from: (line * lineLength + start) * elementBytes,
        byteCount: Math.min(pieceLength, lineLength - start) * elementBytes,
        chunk: place.chunk + start / pieceLength,
        to: place.line * pieceLength * elementBytes,
      })
    }
  }
  return runs
}

/** First chunk of the band that a line goes through, and its number among the lines of that chunk's row. */
function placeLine(
  line: number,
  { itemShape, innerChunk, innerGrid }: RowCut,
): { chunk: number; line: number } {
  const place = { chunk: 0, line: 0 }
  let rest = line
  let chunkStride = innerGrid.at(-1)!
  let lineStride = 1
  for (let axis = itemShape.length - 2; axis >= 0; axis -= 1) {
    const position = rest % itemShape[axis]!
    rest = Math.floor(rest / itemShape[axis]!)
    place.chunk += Math.floor(position / innerChunk[axis]!) * chunkStride
    place.line += (position % innerChunk[axis]!) * lineStride
    chunkStride *= innerGrid[axis]!
    lineStride *= innerChunk[axis]!
  }
  return place
}
