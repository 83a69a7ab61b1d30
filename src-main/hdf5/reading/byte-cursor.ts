import { lookup3 } from '../lookup3.ts'
import { makeDamage } from './damage.ts'
import type { Place } from './damage.ts'
import { decodeName } from '../name-bytes.ts'

const decoder = new TextDecoder('utf-8')

/** Text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

/** Where a cursor's first byte lies in the file, and what its addresses count from. */
export interface CursorOrigin {
  readonly place: Place
  readonly fileOffset: number
  /** Spec: "Base Address": added to every address that is read. */
  readonly baseAddress: number
}

/**
 * Reads little-endian fields one after the other. Whatever goes beyond the bytes, or is larger than a number holds, is E_META with
 * the place in the file. Byte runs are views: copy what is kept.
 */
export class ByteCursor {
  private readonly view: DataView
  private at = 0

  constructor(
    readonly bytes: Uint8Array,
    readonly origin: CursorOrigin,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get place(): Place {
    return this.origin.place
  }

  /** Offset in the file of the next byte. */
  get offset(): number {
    return this.origin.fileOffset + this.at
  }

  /** Bytes read so far. */
  get position(): number {
    return this.at
  }

  get remaining(): number {
    return this.bytes.length - this.at
  }

  /** Steps over `byteCount` bytes and gives where they began. */
  private take(byteCount: number): number {
    const start = this.at
    if (byteCount > this.remaining) {
      throw this.damage(`ends too early: ${byteCount} bytes expected, ${this.remaining} left`)
    }
    this.at += byteCount
    return start
  }

  skip(byteCount: number): this {
    this.take(byteCount)
    return this
  }

  uint8(): number {
    return this.view.getUint8(this.take(1))
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true)
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true)
  }

  bigUint64(): bigint {
    return this.view.getBigUint64(this.take(8), true)
  }

  /** An unsigned number of 1 to 8 bytes; above 2^53 it is E_META. */
  uint(byteCount: number): number {
    const start = this.take(byteCount)
    let value = 0
    for (let index = byteCount - 1; index >= 0; index -= 1) {
      value = value * 256 + this.view.getUint8(start + index)
    }
    if (value > Number.MAX_SAFE_INTEGER) {
      throw this.damage(`a number of ${value.toPrecision(4)} makes no sense`, { back: byteCount })
    }
    return value
  }

  /** A length or count of 8 bytes. */
  length(): number {
    return this.uint(8)
  }

  /** An address as offset in the file; null where it is undefined (all bits set). */
  address(): number | null {
    const value = this.bigUint64()
    if (value === 0xffffffffffffffffn) {
      return null
    }
    if (value > BigInt(Number.MAX_SAFE_INTEGER) - BigInt(this.origin.baseAddress)) {
      throw this.damage(`the address ${value} lies outside of any file`, { back: 8 })
    }
    return Number(value) + this.origin.baseAddress
  }

  /** An address that has to be there. */
  requireAddress(what: string): number {
    const address = this.address()
    if (address === null) {
      throw this.damage(`the address of ${what} is undefined`, { back: 8 })
    }
    return address
  }

  /** A view of the next bytes. */
  run(byteCount: number): Uint8Array {
    const start = this.take(byteCount)
    return this.bytes.subarray(start, start + byteCount)
  }

  /** A copy of the next bytes. */
  copy(byteCount: number): Uint8Array {
    return this.run(byteCount).slice()
  }

  /** A cursor of its own over the next bytes. */
  part(byteCount: number): ByteCursor {
    const fileOffset = this.offset
    return new ByteCursor(this.run(byteCount), { ...this.origin, fileOffset })
  }

  /** Text up to a NUL, which is stepped over. */
  textToNul(): string {
    const end = this.bytes.indexOf(0, this.at)
    if (end < 0) {
      throw this.damage('a name does not end')
    }
    const text = decodeName(this.bytes.subarray(this.at, end))
    this.at = end + 1
    return text
  }

  expectSignature(signature: string, what: string): this {
    const found = this.run(4)
    for (let index = 0; index < 4; index += 1) {
      if (found[index] !== signature.charCodeAt(index)) {
        throw this.damage(`${what} does not begin with ${signature}`, { back: 4 })
      }
    }
    return this
  }

  expectVersion(versions: readonly number[], what: string): number {
    const version = this.uint8()
    if (!versions.includes(version)) {
      throw this.damage(`${what} has version ${version}; known are ${versions.join(', ')}`, { back: 1 })
    }
    return version
  }

  /** The next 4 bytes are the checksum of all bytes before them; where not, the error gives the offset of the checksum. */
  expectChecksum(what: string): this {
    const expected = lookup3(this.bytes, 0, this.at)
    const { offset } = this
    const actual = this.uint32()
    if (actual !== expected) {
      throw makeDamage(this.place, `the checksum of ${what} is wrong`, { offset, expected, actual })
    }
    return this
  }

  /** E_META at the next byte, or `back` bytes before it. */
  damage(what: string, options: { readonly back?: number } = {}): Error {
    return makeDamage(this.place, what, { offset: this.offset - (options.back ?? 0) })
  }
}
