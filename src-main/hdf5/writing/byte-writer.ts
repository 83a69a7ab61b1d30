import { encodeName } from '../name-bytes.ts'

/** Address that points nowhere. Spec: all bits set. */
const UNDEFINED_HALF = 0xffffffff
const TWO_TO_32 = 2 ** 32

/** Little-endian bytes in a buffer that grows. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #length = 0

  constructor(capacityBytes = 256) {
    this.#bytes = new Uint8Array(capacityBytes)
    this.#view = new DataView(this.#bytes.buffer)
  }

  get length(): number {
    return this.#length
  }

  uint8(value: number): this {
    const at = this.#grow(1)
    this.#view.setUint8(at, value)
    return this
  }

  uint16(value: number): this {
    const at = this.#grow(2)
    this.#view.setUint16(at, value, true)
    return this
  }

  uint32(value: number): this {
    const at = this.#grow(4)
    this.#view.setUint32(at, value, true)
    return this
  }

  /** A whole number up to 2^53. */
  uint64(value: number): this {
    const at = this.#grow(8)
    this.#view.setUint32(at, value % TWO_TO_32, true)
    this.#view.setUint32(at + 4, Math.floor(value / TWO_TO_32), true)
    return this
  }

  /** An unsigned number in as many bytes as asked for (1 to 8). */
  uint(value: number, byteCount: number): this {
    let rest = value
    for (let i = 0; i < byteCount; i += 1) {
      this.uint8(rest % 256)
      rest = Math.floor(rest / 256)
    }
    return this
  }

  /** An address, or a length that may be unlimited: `null` is all bits set. */
  address(value: number | null): this {
    return value === null ? this.uint32(UNDEFINED_HALF).uint32(UNDEFINED_HALF) : this.uint64(value)
  }

  bytes(data: Uint8Array): this {
    const at = this.#grow(data.byteLength)
    this.#bytes.set(data, at)
    return this
  }

  /** ASCII, as the signatures of the format. */
  text(value: string): this {
    for (let i = 0; i < value.length; i += 1) this.uint8(value.charCodeAt(i))
    return this
  }

  zeros(byteCount: number): this {
    this.#grow(byteCount)
    return this
  }

  /** Zeros up to the next multiple of `multiple`. */
  pad(multiple: number): this {
    return this.zeros((multiple - (this.#length % multiple)) % multiple)
  }

  /** Zeros up to `length` bytes in all. */
  padTo(length: number): this {
    return this.zeros(length - this.#length)
  }

  /** What was written so far, in a buffer of its own. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  #grow(byteCount: number): number {
    const at = this.#length
    const end = at + byteCount
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, 2 * this.#bytes.length))
      larger.set(this.#bytes.subarray(0, at))
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    this.#length = end
    return at
  }
}

/** UTF-8 of a text; see `encodeName`. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return encodeName(text)
}
