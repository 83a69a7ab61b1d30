import type { ChunkGrid } from './chunk-grid.ts'

/** Collects rows into the chunks of one band. Each chunk has an ArrayBuffer of its own, because it is given away. */
export class ChunkBand {
  readonly #grid: ChunkGrid
  readonly #chunks: readonly Uint8Array<ArrayBuffer>[]
  #rowCount = 0

  /** `fillValue`: one element, for what no row covers; undefined: zeros. */
  constructor(grid: ChunkGrid, fillValue: Uint8Array | undefined) {
    this.#grid = grid
    this.#chunks = Array.from({ length: grid.chunksPerBand }, () => makeChunk(grid.chunkBytes, fillValue))
  }

  get rowCount(): number {
    return this.#rowCount
  }

  get isFull(): boolean {
    return this.#rowCount === this.#grid.bandRows
  }

  /** In the order of the grid. */
  get chunks(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#chunks
  }

  /** Copies as many of the rows as have room; tells how many bytes that were. */
  add(rows: Uint8Array): number {
    const { rowBytes, bandRows, runs } = this.#grid
    const rowCount = Math.min(rows.byteLength / rowBytes, bandRows - this.#rowCount)
    const taken = rows.subarray(0, rowCount * rowBytes)
    const isWhole = runs.length === 1 && runs[0]!.byteCount === rowBytes && this.#chunkRowBytes() === rowBytes
    if (isWhole) this.#chunks[0]!.set(taken, this.#rowCount * rowBytes)
    else this.#scatter(taken, rowCount)
    this.#rowCount += rowCount
    return taken.byteLength
  }

  #scatter(rows: Uint8Array, rowCount: number): void {
    const chunkRowBytes = this.#chunkRowBytes()
    for (let row = 0; row < rowCount; row += 1) {
      const from = row * this.#grid.rowBytes
      const to = (this.#rowCount + row) * chunkRowBytes
      for (const run of this.#grid.runs) {
        const start = from + run.from
        this.#chunks[run.chunk]!.set(rows.subarray(start, start + run.byteCount), to + run.to)
      }
    }
  }

  #chunkRowBytes(): number {
    return this.#grid.chunkBytes / this.#grid.bandRows
  }
}

function makeChunk(byteCount: number, fillValue: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(byteCount)
  return fillValue ? fillRepeatedly(chunk, fillValue) : chunk
}

/** Fills `into` with as many copies of the element as it holds. */
export function fillRepeatedly<T extends Uint8Array>(into: T, element: Uint8Array): T {
  if (into.byteLength === 0 || element.every((byte) => byte === 0)) return into
  into.set(element)
  for (let done = element.byteLength; done < into.byteLength; done *= 2) into.copyWithin(done, 0, done)
  return into
}
