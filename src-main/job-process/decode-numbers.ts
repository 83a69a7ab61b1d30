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
