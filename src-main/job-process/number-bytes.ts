import type { Datatype } from '../hdf5/model.ts'

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
