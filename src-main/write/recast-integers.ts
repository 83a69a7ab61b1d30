import type { Datatype } from '../hdf5/model.ts'
import { countElements, isSameDatatype, type NdArray } from './nd-array.ts'

/** The same whole numbers in another integer type; undefined if a type is none or a number does not fit. */
export function recastIntegers(array: NdArray, datatype: Datatype): NdArray | undefined {
  if (isSameDatatype(array.datatype, datatype)) return array
  if (array.datatype.class !== 'integer' || datatype.class !== 'integer') return undefined
  const count = countElements(array.shape)
  const recast: NdArray = { datatype, shape: array.shape, bytes: new Uint8Array(count * datatype.size) }
  const [from, to] = [accessIntegers(array), accessIntegers(recast)]
  if (!from || !to) return undefined
  for (let index = 0; index < count; index++) {
    const value = from.get(index)
    to.set(index, value)
    if (to.get(index) !== value) return undefined
  }
  return recast
}

interface IntegerAccess {
  get(index: number): bigint
  set(index: number, value: bigint): void
}

/** Undefined for integers of odd make (9 bits of 16, 3 bytes). */
function accessIntegers(array: NdArray): IntegerAccess | undefined {
  const type = array.datatype
  if (type.class !== 'integer' || type.bitOffset !== 0 || type.precision !== 8 * type.size) return undefined
  if (![1, 2, 4, 8].includes(type.size)) return undefined
  const { bytes } = array
  const { size, littleEndian } = type
  const place = (index: number, byte: number): number =>
    index * size + (littleEndian ? byte : size - 1 - byte)
  return {
    get(index) {
      let value = 0n
      for (let byte = size - 1; byte >= 0; byte--)
        value = (value << 8n) | BigInt(bytes[place(index, byte)] ?? 0)
      return type.signed ? BigInt.asIntN(8 * size, value) : value
    },
    set(index, value) {
      for (let byte = 0; byte < size; byte++)
        bytes[place(index, byte)] = Number((value >> BigInt(8 * byte)) & 0xffn)
    },
  }
}
