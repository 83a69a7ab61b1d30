import { Unsupported } from '../../errors.ts'
import type { Datatype } from '../model.ts'

type ByteOrder = 'little' | 'big' | 'vax' | 'mixed' | 'none'

/** Where a number lies inside an element. */
interface NumberPlace {
  readonly offset: number
  readonly bytes: number
}

/**
 * Turns bytes that h5wasm gave back into those of the file, in place.
 *
 * h5wasm asks HDF5 for little-endian values of every type whose parts are all big-endian; a compound of both orders
 * comes as it is stored. Throws Unsupported E_TYPE for VAX floats.
 */
export function restoreByteOrder(bytes: Uint8Array, datatype: Datatype): void {
  const order = orderOf(datatype)
  if (order === 'vax') throw new Unsupported('E_TYPE', 'values in VAX byte order cannot be read')
  if (order !== 'big') return
  const places = numbersOf(datatype, 0).filter((place) => place.bytes > 1)
  for (let element = 0; element < bytes.byteLength; element += datatype.size) {
    for (const { offset, bytes: length } of places) {
      bytes.subarray(element + offset, element + offset + length).reverse()
    }
  }
}

/** Does h5wasm give the parts of this type little-endian, although the file has them big-endian? */
export function isGivenSwapped(datatype: Datatype): boolean {
  return orderOf(datatype) === 'big'
}

/** What HDF5's `H5Tget_order` says of the type. */
function orderOf(type: Datatype): ByteOrder {
  switch (type.class) {
    case 'integer':
      return type.littleEndian ? 'little' : 'big'
    case 'float':
    case 'bitfield':
      return orderOfBits(type.classBits)
    case 'enum':
    case 'array':
    case 'variable-sequence':
      return orderOf(type.base)
    case 'compound': {
      const orders = new Set(type.members.map((member) => orderOf(member.type)))
      orders.delete('none')
      return orders.size > 1 ? 'mixed' : ([...orders][0] ?? 'none')
    }
    default:
      return 'none'
  }
}

/** Spec: bit 0 is the order; bit 6 is set with it for VAX floats. */
function orderOfBits(classBits: number): ByteOrder {
  if ((classBits & 0x41) === 0x41) return 'vax'
  return (classBits & 1) === 1 ? 'big' : 'little'
}

function numbersOf(type: Datatype, offset: number): readonly NumberPlace[] {
  switch (type.class) {
    case 'integer':
    case 'float':
    case 'bitfield':
    case 'enum':
      return [{ offset, bytes: type.size }]
    case 'compound':
      return type.members.flatMap((member) => numbersOf(member.type, offset + member.offset))
    case 'array': {
      const count = type.dims.reduce((product, length) => product * length, 1)
      return Array.from({ length: count }, (_, i) => numbersOf(type.base, offset + i * type.base.size)).flat()
    }
    default:
      return []
  }
}
