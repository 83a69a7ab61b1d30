import type { Datatype } from '../hdf5/model.ts'

/** Plain integers of 1 to 8 bytes and IEEE floats of 4 or 8. */
export function isNumeric(type: Datatype): boolean {
  if (type.class === 'float') return type.size === 4 || type.size === 8
  return type.class === 'integer' && [1, 2, 4, 8].includes(type.size)
}

/** The elements as numbers (64-bit integers above 2^53 lose digits); undefined for types that are no numbers. */
export function decodeNumbers(type: Datatype, bytes: Uint8Array): Float64Array | undefined {
  if (!isNumeric(type)) return undefined
  const read = chooseGetter(type)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float64Array.from({ length: Math.floor(bytes.length / type.size) }, (_, index) =>
    read(view, index * type.size),
  )
}

function chooseGetter(type: Datatype): (view: DataView, at: number) => number {
  if (type.class === 'float') {
    const isLittle = (type.classBits & 1) === 0
    return type.size === 4
      ? (view, at) => view.getFloat32(at, isLittle)
      : (view, at) => view.getFloat64(at, isLittle)
  }
  if (type.class !== 'integer') return () => NaN
  const { littleEndian, signed } = type
  switch (type.size) {
    case 1:
      return signed ? (view, at) => view.getInt8(at) : (view, at) => view.getUint8(at)
    case 2:
      return signed
        ? (view, at) => view.getInt16(at, littleEndian)
        : (view, at) => view.getUint16(at, littleEndian)
    case 4:
      return signed
        ? (view, at) => view.getInt32(at, littleEndian)
        : (view, at) => view.getUint32(at, littleEndian)
    case 8:
      return signed
        ? (view, at) => Number(view.getBigInt64(at, littleEndian))
        : (view, at) => Number(view.getBigUint64(at, littleEndian))
    default:
      return () => NaN
  }
}

/** Numbers as elements of a numeric type; integers are rounded, 8-byte ones exact up to 2^53. */
export function encodeNumbers(type: Datatype, numbers: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(numbers.length * type.size)
  const put = choosePut(type, new DataView(bytes.buffer))
  for (let index = 0; index < numbers.length; index++) put(index * type.size, numbers[index] ?? 0)
  return bytes
}

function choosePut(type: Datatype, view: DataView): (at: number, value: number) => void {
  if (type.class === 'float') {
    const isLittle = (type.classBits & 1) === 0
    if (type.size === 4) return (at, value) => view.setFloat32(at, value, isLittle)
    return (at, value) => view.setFloat64(at, value, isLittle)
  }
  const isLittle = type.class === 'integer' && type.littleEndian
  switch (type.size) {
    case 1:
      return (at, value) => view.setInt8(at, Math.round(value))
    case 2:
      return (at, value) => view.setInt16(at, Math.round(value), isLittle)
    case 4:
      return (at, value) => view.setInt32(at, Math.round(value), isLittle)
    default:
      return (at, value) => view.setBigInt64(at, BigInt(Math.round(value)), isLittle)
  }
}
