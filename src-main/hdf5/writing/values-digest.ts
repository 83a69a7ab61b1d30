import { createHash } from 'node:crypto'

const PIECE_BYTES = 2 ** 20

/**
 * Digest of the values of a dataset that does not depend on its chunks: the SHA-256 over the SHA-256 of its pieces. A piece is as many whole
 * rows as fit into 1 MiB, at least one; the last one may be shorter. See docs/values-digest.md.
 */
export class ValuesDigest {
  /** Of every piece but the last. */
  readonly pieceBytes: number
  readonly #pieces: string[] = []
  readonly #early = new Map<number, Uint8Array>()
  #piece = createHash('sha256')
  /** Up to here the values came by themselves, without gap. */
  #next = 0
  /** Bytes in pieces that others have hashed. */
  #notedBytes = 0

  constructor(rowBytes: number) {
    this.pieceBytes = Math.max(1, Math.floor(PIECE_BYTES / rowBytes)) * rowBytes
  }

  /** A piece that a filter thread has hashed. Either all pieces come so, or all values by `add`. */
  notePiece(
    index: number,
    { sha256, byteCount }: { readonly sha256: string; readonly byteCount: number },
  ): void {
    this.#pieces[index] = sha256
    this.#notedBytes += byteCount
  }

  /** Values from this byte on; pieces may come in any order. The bytes are borrowed until it returns. */
  add(position: number, bytes: Uint8Array): void {
    if (position !== this.#next) {
      this.#early.set(position, new Uint8Array(bytes))
      return
    }
    this.#take(bytes)
    for (let early = this.#takeEarly(); early !== undefined; early = this.#takeEarly()) this.#take(early)
  }

  /** In hexadecimal; undefined unless all of so many bytes are known. */
  digest(totalBytes: number): string | undefined {
    if (totalBytes === 0 || this.#next + this.#notedBytes !== totalBytes) return undefined
    const isWhole = this.#next % this.pieceBytes === 0
    const pieces = isWhole ? this.#pieces : [...this.#pieces, this.#piece.copy().digest('hex')]
    const hash = createHash('sha256')
    for (const sha256 of pieces) hash.update(sha256, 'hex')
    return hash.digest('hex')
  }

  #take(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.byteLength;) {
      const rest = this.pieceBytes - (this.#next % this.pieceBytes)
      const part = bytes.subarray(done, done + rest)
      this.#piece.update(part)
      this.#next += part.byteLength
      done += part.byteLength
      if (part.byteLength === rest) this.#endPiece()
    }
  }

  #endPiece(): void {
    this.#pieces.push(this.#piece.digest('hex'))
    this.#piece = createHash('sha256')
  }

  #takeEarly(): Uint8Array | undefined {
    const early = this.#early.get(this.#next)
    this.#early.delete(this.#next)
    return early
  }
}
