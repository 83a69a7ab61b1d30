import { elementCount, shapeOf, type Attribute, type Datatype } from '../hdf5/model.ts'
import { readAttributeValue, readValues, type AttributeValue } from '../hdf5/reading/attribute-value.ts'
import { VIEW_LIMITS } from './view-limits.ts'

/** More than this is no value that anybody reads. */
const MOST_BYTES = 2 ** 20

/**
 * An attribute's value as people read it: numbers plainly, arrays in brackets, of long ones the first elements and the shape.
 * Throws what reading a damaged value throws.
 */
export function showAttribute(attribute: Attribute): string {
  const { datatype, dataspace, data } = attribute
  const readBytes = Math.min(data.bytes.length, VIEW_LIMITS.elements * datatype.size)
  const byteCount = data.sequences.reduce((sum, sequence) => sum + sequence.length, readBytes)
  if (byteCount > MOST_BYTES && !isText(datatype)) return `(${byteCount} bytes)`
  const show = (value: AttributeValue): string => showValue(value, datatype)
  if (elementCount(dataspace) <= VIEW_LIMITS.elements) {
    const value = readAttributeValue(attribute)
    // Tools differ in whether they store a single value as an array of one.
    return show(Array.isArray(value) && value.length === 1 ? (value[0] as AttributeValue) : value)
  }
  const bytes = data.bytes.subarray(0, VIEW_LIMITS.elements * datatype.size)
  const first = readValues(datatype, { ...data, bytes }).map(show)
  return `[${first.join(', ')}, …] (${shapeOf(dataspace).join(' × ')})`
}

function isText({ class: kind }: Datatype): boolean {
  return kind === 'string' || kind === 'variable-string'
}

function showValue(value: AttributeValue, datatype: Datatype): string {
  if (value === null) return ''
  if (typeof value === 'number')
    return datatype.class === 'float' ? showFloat(value, datatype) : String(value)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) {
    const elements = (value as readonly AttributeValue[]).map((element) => showValue(element, datatype))
    return `[${elements.join(', ')}]`
  }
  const members = Object.entries(value).map(([name, member]) => `${name}: ${showMember(member)}`)
  return `{${members.join(', ')}}`
}

/** Of a compound's members the types are not looked up: each is shown as the number it is. */
function showMember(value: AttributeValue): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value, toText) : String(value)
}

function toText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** The shortest text that names the number among those of its own precision: 0.34, not 0.3400000035762787. */
function showFloat(value: number, { size }: Datatype): string {
  if (size !== 4 || !Number.isFinite(value)) return String(value)
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits))
    if (Math.fround(rounded) === value) return String(rounded)
  }
  return String(value)
}
