import { assertNever } from '../errors.ts'
import type { Attribute, Datatype } from '../hdf5/model.ts'
import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'
import { isUtf8 } from '../hdf5/reading/text.ts'
import type { KeyType } from './metadata-keys.ts'
import type { MetadataEntry } from './root-metadata.ts'
import { readBooleanText, readNumberText } from './number-text.ts'

/** What readers make of a stored value: numbers (complex ones too), text, or something that is neither. */
type ValueClass = 'number' | 'text' | 'other'

interface StoredValue {
  /** `[]`: one value; null: the attribute holds none. */
  readonly shape: readonly number[] | null
  readonly valueClass: ValueClass
  readonly datatype: Datatype
  readonly value: AttributeValue | undefined
}

/** Is it text that no reader can decode, wherever it stands? Text of variable length is decoded leniently. */
export function isUndecodable({ dataspace, datatype, data }: Attribute): boolean {
  return dataspace.kind === 'scalar' && datatype.class === 'string' && !isUtf8(datatype, data)
}

/**
 * Does dclab 0.73.4 fail to open, or to check, a file that holds such a value? It converts every value to the type of its key and then
 * compares both. What it converts with a complaint is accepted here.
 */
export function isRefusedValue({ attribute, value }: MetadataEntry, type: KeyType): boolean {
  if (type === 'free') return false
  const stored = describe(attribute, value)
  if (stored.valueClass === 'text' && countValues(stored) !== null)
    return !(type === 'text' && countValues(stored) === 1)
  const hasManyWithNaN = (countValues(stored) ?? 0) > 1 && hasNaN(value)
  switch (type) {
    case 'unreadable':
      return true
    case 'any':
    case 'number':
      return hasManyWithNaN
    case 'text':
      return (countValues(stored) ?? 1) !== 1 || (stored.shape !== null && stored.valueClass === 'other')
    case 'name':
      return !(isSingle(stored) && stored.valueClass === 'text')
    case 'integer':
      return !isIntegral(stored)
    case 'float':
      return !isNumeric(stored)
    case 'boolean':
      return !isTruth(stored)
    case 'boolean or float':
      return !(typeof value === 'string' ? isTruth(stored) : isSingle(stored) && isDouble(stored.datatype))
    case 'pair':
      return stored.shape?.join() !== '2' || stored.valueClass !== 'number' || hasManyWithNaN
    case 'points':
      return (stored.shape?.length ?? 0) < 2 || stored.valueClass !== 'number' || hasManyWithNaN
    default:
      return assertNever(type)
  }
}

/** Can an attribute with a value that nobody can be shown (a reference) stand under a key of this type? */
export function acceptsOpaque(type: KeyType): boolean {
  return type === 'text' || type === 'number' || type === 'any' || type === 'free'
}

/** A NaN anywhere in the value. */
export function hasNaN(value: AttributeValue | undefined): boolean {
  if (typeof value === 'number') return Number.isNaN(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(hasNaN)
}

function describe({ dataspace, datatype }: Attribute, value: AttributeValue | undefined): StoredValue {
  if (dataspace.kind === 'null') return { shape: null, valueClass: 'other', datatype, value }
  const outer = dataspace.kind === 'scalar' ? [] : dataspace.shape
  if (datatype.class !== 'array') return { shape: outer, valueClass: classify(datatype), datatype, value }
  const { base, dims } = datatype
  return { shape: [...outer, ...dims], valueClass: classify(base), datatype: base, value }
}

function classify(datatype: Datatype): ValueClass {
  switch (datatype.class) {
    case 'integer':
    case 'float':
    case 'bitfield':
    case 'enum':
      return 'number'
    case 'string':
    case 'variable-string':
      return 'text'
    case 'compound':
      return isComplex(datatype) ? 'number' : 'other'
    case 'opaque':
    case 'array':
    case 'variable-sequence':
    case 'reference':
    case 'unknown':
      return 'other'
    default:
      return assertNever(datatype)
  }
}

/** h5py stores complex numbers so. */
function isComplex({ members }: Extract<Datatype, { readonly class: 'compound' }>): boolean {
  return (
    members.map((member) => member.name).join() === 'r,i' &&
    members.every(({ type }) => type.class === 'float')
  )
}

/** Values in an array; null: it is none. */
function countValues({ shape }: StoredValue): number | null {
  return shape === null || shape.length === 0 ? null : shape.reduce((product, length) => product * length, 1)
}

function isSingle({ shape }: StoredValue): boolean {
  return shape?.length === 0
}

function isNumeric(stored: StoredValue): boolean {
  if (!isSingle(stored)) return false
  const { value } = stored
  return typeof value === 'string' && stored.valueClass === 'text'
    ? readNumberText(value) !== undefined
    : stored.valueClass === 'number'
}

function isTruth(stored: StoredValue): boolean {
  const { value } = stored
  if (isSingle(stored) && stored.valueClass === 'text' && typeof value === 'string')
    return readBooleanText(value) !== undefined
  return isNumeric(stored)
}

function isIntegral(stored: StoredValue): boolean {
  const { value } = stored
  if (!isTruth(stored)) return false
  if (stored.valueClass !== 'text' || typeof value !== 'string')
    return typeof value !== 'number' || Number.isFinite(value)
  return Number.isFinite(readNumberText(value) ?? 0)
}

function isDouble(datatype: Datatype): boolean {
  return datatype.class === 'float' && datatype.size === 8
}
