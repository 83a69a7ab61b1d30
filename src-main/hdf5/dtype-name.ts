import { assertNever } from '../errors.ts'
import type { Datatype } from './model.ts'

/**
 * The numpy name of a datatype, as people know it: `<f8`, `|u1`, `|S10`, `bool`, `object` for variable length, a list of fields for
 * a compound.
 */
export function nameDtype(type: Datatype): string {
  switch (type.class) {
    case 'integer':
      return `${markOrder(type.size, type.littleEndian)}${type.signed ? 'i' : 'u'}${type.size}`
    case 'float':
      return `${markOrder(type.size, (type.classBits & 1) === 0)}f${type.size}`
    case 'bitfield':
      return `${markOrder(type.size, (type.classBits & 1) === 0)}u${type.size}`
    case 'string':
      return `|S${type.size}`
    case 'opaque':
      return `|V${type.size}`
    case 'compound':
      return `[${type.members.map((member) => `(${quote(member.name)}, ${nameField(member.type)})`).join(', ')}]`
    case 'enum':
      return isBoolean(type) ? 'bool' : nameDtype(type.base)
    case 'array':
      return `(${nameField(type.base)}, (${type.dims.join(', ')}${type.dims.length === 1 ? ',' : ''}))`
    case 'variable-string':
    case 'variable-sequence':
    case 'reference':
      return 'object'
    case 'unknown':
      return nameUnknown(type.classNumber)
    default:
      return assertNever(type)
  }
}

/** The enumeration that h5py takes for numpy's bool: FALSE = 0 and TRUE = 1, in an integer of any size. */
export function isBoolean(type: Datatype): boolean {
  if (type.class !== 'enum' || type.base.class !== 'integer' || type.members.length !== 2) {
    return false
  }
  const { littleEndian } = type.base
  return ['FALSE', 'TRUE'].every((name, value) =>
    type.members.some((member) => member.name === name && isSmallNumber(member.value, value, littleEndian)),
  )
}

function isSmallNumber(bytes: Uint8Array, value: number, littleEndian: boolean): boolean {
  const lowest = littleEndian ? 0 : bytes.length - 1
  return bytes.every((byte, index) => byte === (index === lowest ? value : 0))
}

function markOrder(size: number, littleEndian: boolean): string {
  if (size === 1) return '|'
  return littleEndian ? '<' : '>'
}

/** Inside a list simple names are quoted; nested lists and pairs are not. */
function nameField(type: Datatype): string {
  const name = nameDtype(type)
  return type.class === 'compound' || type.class === 'array' ? name : quote(name)
}

function quote(name: string): string {
  return `'${name}'`
}

function nameUnknown(classNumber: number): string {
  if (classNumber === 2) return 'time'
  return classNumber === 11 ? 'complex' : `class ${classNumber}`
}
