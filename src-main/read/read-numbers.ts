import type { Datatype } from '../hdf5/model.ts'
import { isPlainFloat } from '../hdf5/reading/read-number.ts'

/** Plain integers of 1, 2, 4 or 8 bytes and IEEE floats of 4 or 8. */
export function isNumeric(type: Datatype): boolean {
  return chooseReader(type) !== undefined
}

/** Numbers of a dataset's rows as stored; integers beyond 2^53 lose their last digits. Undefined: not a type of plain numbers. */
export function readNumbers(type: Datatype, bytes: Uint8Array): Float64Array | undefined {
  const readOne = chooseReader(type)
  if (readOne === undefined) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const numbers = new Float64Array(Math.floor(bytes.length / type.size))
  for (let index = 0; index < numbers.length; index++) numbers[index] = readOne(view, index * type.size)
  return numbers
}

type NumberReader = (view: DataView, offset: number) => number

function chooseReader(type: Datatype): NumberReader | undefined {
  if (type.class === 'integer') {
    if (type.precision !== type.size * 8 || type.bitOffset !== 0) return undefined
    return chooseIntegerReader(type.size, type.signed, type.littleEndian)
  }
  if (type.class !== 'float' || !isPlainFloat(type)) return undefined
  // Spec: bit 0 of a float's class bits is its byte order; 0 little, 1 big.
  const isLittle = (type.classBits & 1) === 0
  return type.size === 8
    ? (view, offset) => view.getFloat64(offset, isLittle)
    : (view, offset) => view.getFloat32(offset, isLittle)
}

function chooseIntegerReader(size: number, signed: boolean, isLittle: boolean): NumberReader | undefined {
  switch (size) {
    case 1:
      return signed ? (view, offset) => view.getInt8(offset) : (view, offset) => view.getUint8(offset)
    case 2:
      return signed
        ? (view, offset) => view.getInt16(offset, isLittle)
        : (view, offset) => view.getUint16(offset, isLittle)
    case 4:
      return signed
        ? (view, offset) => view.getInt32(offset, isLittle)
        : (view, offset) => view.getUint32(offset, isLittle)
    case 8:
      return (view, offset) => readInteger64(view, offset, { signed, isLittle })
    default:
      return undefined
  }
}

function readInteger64(
  view: DataView,
  offset: number,
  type: { readonly signed: boolean; readonly isLittle: boolean },
): number {
  const high = offset + (type.isLittle ? 4 : 0)
  const low = offset + (type.isLittle ? 0 : 4)
  const upper = type.signed ? view.getInt32(high, type.isLittle) : view.getUint32(high, type.isLittle)
  return upper * 2 ** 32 + view.getUint32(low, type.isLittle)
}
