const MOST_BYTES = 64 * 1024

/** Text in a buffer with a cap: a library that prints without end fills no memory. */
export class TextCapture {
  #parts: Uint8Array[] = []
  #bytes = 0

  add(bytes: Uint8Array): void {
    const part = bytes.slice(0, MOST_BYTES - this.#bytes)
    if (part.byteLength === 0) return
    this.#parts.push(part)
    this.#bytes += part.byteLength
  }

  /** What was captured since the last call. */
  take(): string {
    const text = new TextDecoder().decode(Buffer.concat(this.#parts))
    this.#parts = []
    this.#bytes = 0
    return text
  }
}
