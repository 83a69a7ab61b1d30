import { chunkBuffers } from '../filters/chunk-buffers.ts'
import type { ChunkGrid } from './chunk-grid.ts'

/** Collects rows into the chunks of one band. Each chunk has an ArrayBuffer of its own, because it is given away. */
export class ChunkBand {
  readonly #grid: ChunkGrid
  readonly #chunks: readonly Uint8Array<ArrayBuffer>[]
  readonly #fillValue: Uint8Array
  #rowCount = 0

  /** `fillValue`: one element, for what no row covers; undefined: zeros. */
  constructor(grid: ChunkGrid, fillValue: Uint8Array | undefined) {
    this.#grid = grid
    this.#fillValue = fillValue ?? Uint8Array.of(0)
    this.#chunks = Array.from({ length: grid.chunksPerBand }, () => chunkBuffers.take(grid.chunkBytes))
    // Chunks that reach beyond a row are never covered whole.
    if (!this.#isWhole) for (const chunk of this.#chunks) fillRepeatedly(chunk, this.#fillValue)
  }

  get rowCount(): number {
    return this.#rowCount
  }

  get isFull(): boolean {
    return this.#rowCount === this.#grid.bandRows
  }

  /** The chunks in the order of the grid, filled up. No row can be added afterwards. */
  finish(): readonly Uint8Array<ArrayBuffer>[] {
    const rest = this.#chunks[0]?.subarray(this.#rowCount * this.#chunkRowBytes())
    if (this.#isWhole && rest) fillRepeatedly(rest, this.#fillValue)
    return this.#chunks
  }

  /** As `finish`, the chunks no longer than the rows that were added. */
  cut(): readonly Uint8Array<ArrayBuffer>[] {
    const byteCount = this.#rowCount * this.#chunkRowBytes()
    return this.#chunks.map((chunk) => chunk.subarray(0, byteCount))
  }

  /** Copies as many of the rows as have room; tells how many bytes that were. */
  add(rows: Uint8Array): number {
    const { rowBytes, bandRows } = this.#grid
    const rowCount = Math.min(rows.byteLength / rowBytes, bandRows - this.#rowCount)
    const taken = rows.subarray(0, rowCount * rowBytes)
    if (this.#isWhole) this.#chunks[0]!.set(taken, this.#rowCount * rowBytes)
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

  /** Is a row of the dataset a row of the only chunk? */
  get #isWhole(): boolean {
    const { rowBytes, runs } = this.#grid
    return runs.length === 1 && runs[0]!.byteCount === rowBytes && this.#chunkRowBytes() === rowBytes
  }

  #chunkRowBytes(): number {
    return this.#grid.chunkBytes / this.#grid.bandRows
  }
}

/** Fills `into` with as many copies of the element as it holds. */
export function fillRepeatedly<T extends Uint8Array>(into: T, element: Uint8Array): T {
  if (into.byteLength === 0) return into
  if (element.every((byte) => byte === element[0])) return into.fill(element[0] ?? 0)
  into.set(element)
  for (let done = element.byteLength; done < into.byteLength; done *= 2) into.copyWithin(done, 0, done)
  return into
}
