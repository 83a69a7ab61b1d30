import type { Datatype } from '../model.ts'

type IntegerType = Extract<Datatype, { readonly class: 'integer' }>
type FloatType = Extract<Datatype, { readonly class: 'float' }>

/** Spec: bit 6 of a float's class bits, with bit 0. */
const VAX_ORDER = 0x40

/** Where the parts of a floating-point number lie. Spec: properties of the datatype class 1. */
interface FloatForm {
  readonly signAt: number
  readonly exponentAt: number
  readonly exponentBits: number
  readonly mantissaAt: number
  readonly mantissaBits: number
  readonly bias: number
  readonly hasHiddenBit: boolean
}

/** An integer of any size and byte order; a number where it is exact, else a bigint. */
export function readInteger(type: IntegerType, element: Uint8Array): number | bigint {
  const whole = joinBytes(element, type.littleEndian)
  const value = (whole >> BigInt(type.bitOffset)) & ((1n << BigInt(type.precision)) - 1n)
  const signed = type.signed ? BigInt.asIntN(type.precision, value) : value
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
}

/** All bytes as one unsigned number. */
export function joinBytes(element: Uint8Array, littleEndian: boolean): bigint {
  const ordered = littleEndian ? element.toReversed() : element
  return ordered.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

/** A floating-point number of any make; more precision than a double has is lost. */
export function readFloat(type: FloatType, element: Uint8Array): number {
  const littleEndian = (type.classBits & 1) === 0
  if (!isPlainFloat(type)) return composeFloat(readForm(type), joinBytes(element, littleEndian))
  const view = new DataView(element.buffer, element.byteOffset, element.length)
  return type.size === 8 ? view.getFloat64(0, littleEndian) : view.getFloat32(0, littleEndian)
}

/** Whether it is a number of 4 or 8 bytes as IEEE 754 has them, which every machine reads by itself. */
export function isPlainFloat(type: FloatType): boolean {
  if (type.size !== 4 && type.size !== 8) return false
  const exponentBits = type.size === 8 ? 11 : 8
  const mantissaBits = type.size * 8 - exponentBits - 1
  const form = readForm(type)
  return (
    (type.classBits & VAX_ORDER) === 0 &&
    form.hasHiddenBit &&
    form.signAt === type.size * 8 - 1 &&
    form.exponentAt === mantissaBits &&
    form.exponentBits === exponentBits &&
    form.mantissaAt === 0 &&
    form.mantissaBits === mantissaBits &&
    form.bias === 2 ** (exponentBits - 1) - 1
  )
}

function readForm(type: FloatType): FloatForm {
  const view = new DataView(type.properties.buffer, type.properties.byteOffset, type.properties.length)
  return {
    signAt: (type.classBits >> 8) & 0xff,
    exponentAt: view.getUint8(4),
    exponentBits: view.getUint8(5),
    mantissaAt: view.getUint8(6),
    mantissaBits: view.getUint8(7),
    bias: view.getUint32(8, true),
    hasHiddenBit: ((type.classBits >> 4) & 0x03) === 2,
  }
}

function composeFloat(form: FloatForm, bits: bigint): number {
  const part = (at: number, count: number): number =>
    Number((bits >> BigInt(at)) & ((1n << BigInt(count)) - 1n))
  const sign = part(form.signAt, 1) === 1 ? -1 : 1
  const exponent = part(form.exponentAt, form.exponentBits)
  const mantissa = part(form.mantissaAt, form.mantissaBits)
  const fraction = mantissa / 2 ** form.mantissaBits
  if (exponent === 2 ** form.exponentBits - 1) {
    // Without a hidden bit the highest bit of the mantissa is set for infinity too.
    return (form.hasHiddenBit ? fraction : (fraction * 2) % 1) === 0 ? sign * Infinity : NaN
  }
  if (form.hasHiddenBit) {
    return exponent === 0
      ? sign * fraction * 2 ** (1 - form.bias)
      : sign * (1 + fraction) * 2 ** (exponent - form.bias)
  }
  return sign * fraction * 2 * 2 ** (exponent - form.bias)
}
