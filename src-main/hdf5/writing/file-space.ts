import { createHash } from 'node:crypto'
import type { WritableFile } from '../disk/disk-port.ts'
import { ByteWriter } from './byte-writer.ts'
import type { FirstFailure } from './first-failure.ts'
import type { WrittenBlock } from './written-file.ts'

/** Small pieces are gathered up to this, so that 100,000 headers are not 100,000 system calls. */
const GATHER_BYTES = 2 ** 20
/** Pieces of this size are not worth a copy. */
const LARGE_BYTES = 2 ** 18

interface Gathered {
  readonly address: number
  readonly writer: ByteWriter
}

/**
 * The end of the file, where everything new goes, and the ledger of what lies where.
 *
 * Nothing is ever overwritten. Writes go on in the background; `settle` waits for them, and a failed one is kept in `failure`.
 */
export class FileSpace {
  readonly #file: WritableFile
  readonly #failure: FirstFailure
  readonly #blocks: WrittenBlock[] = []
  readonly #running = new Set<Promise<void>>()
  #end: number
  #gathered: Gathered | undefined
  #pendingBytes = 0

  constructor(file: WritableFile, failure: FirstFailure, start: number) {
    this.#file = file
    this.#failure = failure
    this.#end = start
  }

  /** First address behind everything. */
  get end(): number {
    return this.#end
  }

  /** Bytes handed in and not yet written. */
  get pendingBytes(): number {
    return this.#pendingBytes + (this.#gathered?.writer.length ?? 0)
  }

  /** What was written so far, but for chunks, in ascending order. */
  get blocks(): readonly WrittenBlock[] {
    return this.#blocks.sort((a, b) => a.offset - b.offset)
  }

  /** Address of so many bytes that the caller will write with `writeAt` or `fill` (or, for a chunk, itself). */
  reserve(byteCount: number): number {
    const address = this.#end
    this.#end += byteCount
    return address
  }

  /** Writes a piece at the end; the bytes belong to the file from now on. Returns its address. */
  append(bytes: Uint8Array<ArrayBuffer>): number {
    if (bytes.byteLength >= LARGE_BYTES) {
      const address = this.reserve(bytes.byteLength)
      this.fill(address, bytes)
      return address
    }
    const gathered = this.#requireGathered(bytes.byteLength)
    gathered.writer.bytes(bytes)
    return this.reserve(bytes.byteLength)
  }

  /** Writes a reserved piece in the background; the bytes belong to the file from now on. */
  fill(address: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.byteLength === 0) return
    this.#pendingBytes += bytes.byteLength
    const running: Promise<void> = this.writeAt(address, bytes)
      .catch((thrown: unknown) => {
        this.#failure.record(thrown, { path: this.#file.path })
      })
      .finally(() => {
        this.#pendingBytes -= bytes.byteLength
        this.#running.delete(running)
      })
    this.#running.add(running)
  }

  /** Writes (a part of) a reserved piece; the bytes are borrowed until it resolves. */
  async writeAt(address: number, bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength === 0) return
    this.#failure.check()
    this.note(address, bytes)
    await this.#file.write(bytes, address)
  }

  /** Enters bytes into the ledger that were written by someone else. */
  note(address: number, bytes: Uint8Array): void {
    const sha256 = new Uint8Array(createHash('sha256').update(bytes).digest())
    this.#blocks.push({ offset: address, length: bytes.byteLength, sha256 })
  }

  /** Waits until everything is written. Throws the first failure. */
  async settle(): Promise<void> {
    this.#writeGathered()
    await Promise.all(this.#running)
    this.#failure.check()
  }

  /** Waits for what is on its way, without writing more; never throws. */
  async rest(): Promise<void> {
    await Promise.all(this.#running)
  }

  /** What is gathered must reach up to the end of the file, or the next piece does not continue it. */
  #requireGathered(byteCount: number): Gathered {
    const gathered = this.#gathered
    const continues = gathered && gathered.address + gathered.writer.length === this.#end
    if (continues && gathered.writer.length + byteCount <= GATHER_BYTES) return gathered
    this.#writeGathered()
    this.#gathered = { address: this.#end, writer: new ByteWriter(2048) }
    return this.#gathered
  }

  #writeGathered(): void {
    const gathered = this.#gathered
    this.#gathered = undefined
    if (gathered) this.fill(gathered.address, gathered.writer.toBytes())
  }
}
