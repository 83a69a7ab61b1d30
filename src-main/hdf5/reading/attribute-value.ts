import { assertNever } from '../../errors.ts'
import { isBoolean } from '../dtype-name.ts'
import type { Attribute, Datatype, RawData } from '../model.ts'
import { joinBytes, readFloat, readInteger } from './read-number.ts'
import { findSequence, readString } from './text.ts'

/** A value for people and JSON. Integers beyond 2^53 are bigints; a compound is an object by member. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [member: string]: AttributeValue }

/**
 * The value of an attribute: nested lists by its shape, null for a null dataspace. Enumerations are given by name (h5py's booleans as
 * booleans), opaque bytes as hexadecimal text.
 */
export function readAttributeValue(
  attribute: Pick<Attribute, 'datatype' | 'dataspace' | 'data'>,
): AttributeValue {
  const { datatype, dataspace, data } = attribute
  if (dataspace.kind === 'null') {
    return null
  }
  const values = readValues(datatype, data)
  return dataspace.kind === 'scalar' ? (values[0] ?? null) : nest(values, dataspace.shape)
}

/** One value an element, in the order of the file. */
export function readValues(datatype: Datatype, data: RawData): AttributeValue[] {
  const count = Math.floor(data.bytes.length / datatype.size)
  return Array.from({ length: count }, (_, index) => {
    const element = data.bytes.subarray(index * datatype.size, (index + 1) * datatype.size)
    return readElement(datatype, element, data.sequences)
  })
}

function nest(values: readonly AttributeValue[], shape: readonly number[]): readonly AttributeValue[] {
  if (shape.length <= 1) {
    return values
  }
  const [first = 0, ...rest] = shape
  const step = rest.reduce((product, length) => product * length, 1)
  // An inner dimension of 0 leaves no elements to tell the outer ones from.
  const count = values.length === 0 && step === 0 ? 0 : first
  return Array.from({ length: count }, (_, index) =>
    nest(values.slice(index * step, (index + 1) * step), rest),
  )
}

function readElement(type: Datatype, element: Uint8Array, sequences: RawData['sequences']): AttributeValue {
  switch (type.class) {
    case 'integer':
      return readInteger(type, element)
    case 'float':
      return readFloat(type, element)
    case 'bitfield':
      return Number(joinBytes(element, (type.classBits & 1) === 0))
    case 'string':
    case 'variable-string':
      return readString(type, element, sequences)
    case 'enum':
      return readEnum(type, element)
    case 'compound':
      return readCompound(type, element, sequences)
    case 'array':
      return nest(readValues(type.base, { bytes: element, sequences }), type.dims)
    case 'variable-sequence':
      return readValues(type.base, { bytes: findSequence(element, sequences), sequences })
    case 'opaque':
    case 'reference':
    case 'unknown':
      return `0x${Array.from(element, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
    default:
      return assertNever(type)
  }
}

function readEnum(type: Extract<Datatype, { readonly class: 'enum' }>, element: Uint8Array): AttributeValue {
  const member = type.members.find(({ value }) => value.every((byte, index) => byte === element[index]))
  if (member === undefined) {
    return readElement(type.base, element, [])
  }
  return isBoolean(type) ? member.name === 'TRUE' : member.name
}

function readCompound(
  type: Extract<Datatype, { readonly class: 'compound' }>,
  element: Uint8Array,
  sequences: RawData['sequences'],
): AttributeValue {
  return Object.fromEntries(
    type.members.map((member) => {
      const part = element.subarray(member.offset, member.offset + member.type.size)
      return [member.name, readElement(member.type, part, sequences)]
    }),
  )
}
