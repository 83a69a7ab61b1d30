import type { ByteCursor } from './byte-cursor.ts'

/** No machine has floats beyond these: those of 128 bits. */
const LARGEST_EXPONENT = 2 ** 14
const MOST_MANTISSA_BITS = 112

interface FloatHead {
  readonly version: number
  readonly classBits: number
  readonly size: number
}

/**
 * Refuses what HDF5 refuses of a floating-point type, and what no reader can turn into a number.
 * @param properties of the type: bit offset, precision, exponent, mantissa, bias; read to their end.
 */
export function checkFloat(properties: ByteCursor, { version, classBits, size }: FloatHead): void {
  const bits = size * 8
  const offset = properties.uint16()
  const precision = properties.uint16()
  const [exponentAt, exponentBits] = [properties.uint8(), properties.uint8()]
  const [mantissaAt, mantissaBits] = [properties.uint8(), properties.uint8()]
  const bias = properties.uint32()
  const refuse = (what: string): Error => properties.damage(`a float of ${size} bytes: ${what}`, { back: 12 })
  if (((classBits >> 4) & 0x03) === 3) throw refuse('its normalization is not known')
  if (version >= 3 && (classBits & 0x41) === 0x40) throw refuse('its byte order is not known')
  if (precision === 0 || offset + precision > bits) throw refuse(`${precision} bits from bit ${offset}`)
  if (exponentBits === 0 || exponentAt + exponentBits > bits) throw refuse('its exponent lies outside')
  if (mantissaBits === 0 || mantissaAt + mantissaBits > bits) throw refuse('its mantissa lies outside')
  if (((classBits >> 8) & 0xff) >= bits) throw refuse('its sign lies outside')
  const isBeyond =
    2 ** exponentBits - bias - 1 > LARGEST_EXPONENT || bias - 1 > LARGEST_EXPONENT + MOST_MANTISSA_BITS
  if (isBeyond || mantissaBits > MOST_MANTISSA_BITS) throw refuse(`its exponent bias ${bias} is impossible`)
}
