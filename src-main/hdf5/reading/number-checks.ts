import type { ByteCursor } from './byte-cursor.ts'

/** No machine has floats beyond these: those of 128 bits. */
const LARGEST_EXPONENT = 2 ** 14
const MOST_MANTISSA_BITS = 112

interface NumberHead {
  readonly version: number
  readonly classBits: number
  readonly size: number
  /** Not a part of another datatype. */
  readonly isOutermost: boolean
}

/** Where a part of an element lies: its lowest bit and how many it takes. */
type Field = readonly [at: number, count: number]

/**
 * Which bits of an integer, a bit field or a float are its value.
 * HDF5 takes an element of which less than half is used for damage, unless it is part of another type or a program relaxes
 * the checks of integrity.
 */
export function readBits(
  cursor: ByteCursor,
  { size, isOutermost }: NumberHead,
): { readonly bitOffset: number; readonly precision: number } {
  const bitOffset = cursor.uint16()
  const precision = cursor.uint16()
  const what = `an element of ${size} bytes cannot have ${precision} bits from bit ${bitOffset}`
  if (precision === 0 || bitOffset + precision > size * 8) throw cursor.damage(what, { back: 4 })
  if (isOutermost && size > 1 && bitOffset + precision < size * 4) {
    throw cursor.damage(`${what}: most of it would be unused`, { back: 4 })
  }
  return { bitOffset, precision }
}

/**
 * Refuses what HDF5 refuses of a floating-point type, and what no reader can turn into a number.
 * @param properties of the type: bit offset, precision, exponent, mantissa, bias; read to their end.
 */
export function checkFloat(properties: ByteCursor, head: NumberHead): void {
  const { version, classBits, size } = head
  const bits = size * 8
  readBits(properties, head)
  const [exponentAt, exponentBits] = [properties.uint8(), properties.uint8()]
  const [mantissaAt, mantissaBits] = [properties.uint8(), properties.uint8()]
  const bias = properties.uint32()
  const refuse = (what: string): Error => properties.damage(`a float of ${size} bytes: ${what}`, { back: 12 })
  if (((classBits >> 4) & 0x03) === 3) throw refuse('its normalization is not known')
  if (version >= 3 && (classBits & 0x41) === 0x40) throw refuse('its byte order is not known')
  if (exponentBits === 0 || exponentAt + exponentBits > bits) throw refuse('its exponent lies outside')
  if (mantissaBits === 0 || mantissaAt + mantissaBits > bits) throw refuse('its mantissa lies outside')
  const sign: Field = [(classBits >> 8) & 0xff, 1]
  const [exponent, mantissa]: [Field, Field] = [
    [exponentAt, exponentBits],
    [mantissaAt, mantissaBits],
  ]
  if (sign[0] >= bits) throw refuse('its sign lies outside')
  if (overlap(exponent, sign)) throw refuse('its exponent and its sign overlap')
  if (overlap(mantissa, sign)) throw refuse('its mantissa and its sign overlap')
  if (overlap(mantissa, exponent)) throw refuse('its mantissa and its exponent overlap')
  const isBeyond =
    2 ** exponentBits - bias - 1 > LARGEST_EXPONENT || bias - 1 > LARGEST_EXPONENT + MOST_MANTISSA_BITS
  if (isBeyond || mantissaBits > MOST_MANTISSA_BITS) throw refuse(`its exponent bias ${bias} is impossible`)
}

function overlap([a, aBits]: Field, [b, bBits]: Field): boolean {
  return a < b + bBits && b < a + aBits
}
