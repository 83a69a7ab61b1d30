import { InvalidInput } from '../errors.ts'
import { requireArgument } from './require-argument.ts'
import { nameDtype } from '../hdf5/dtype-name.ts'
import type { Datatype } from '../hdf5/model.ts'
import {
  booleanType,
  encodeDatatype,
  float32Type,
  float64Type,
  integerType,
} from '../hdf5/writing/datatypes.ts'

/** Elements in row-major order with their type and shape. numpy: `ndarray`. The bytes are borrowed, not copied. */
export interface NdArray {
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/** Made once, so that types of typed arrays are equal by identity. Node runs on little-endian machines, as .rtdc files are. */
const TYPES = {
  Int8Array: integerType(1, true),
  Uint8Array: integerType(1, false),
  Uint8ClampedArray: integerType(1, false),
  Int16Array: integerType(2, true),
  Uint16Array: integerType(2, false),
  Int32Array: integerType(4, true),
  Uint32Array: integerType(4, false),
  BigInt64Array: integerType(8, true),
  BigUint64Array: integerType(8, false),
  Float32Array: float32Type(),
  Float64Array: float64Type(),
} as const
const BOOLEAN = booleanType()

/** Looks at a typed array as an NdArray (no copy); without a shape it is 1-D. Throws E_USAGE if the shape asks for other numbers of elements. */
export function fromTypedArray(array: TypedArray, shape: readonly number[] = [lengthOf(array)]): NdArray {
  const given: unknown = array
  const isKnown =
    ArrayBuffer.isView(given) && !(given instanceof DataView) && array[Symbol.toStringTag] in TYPES
  requireArgument(isKnown, 'array', { expected: `one of ${Object.keys(TYPES).join(', ')}`, actual: given })
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  return checkNdArray({ datatype: TYPES[array[Symbol.toStringTag]], shape, bytes })
}

/** One truth value an element, stored as h5py and numpy do (enum FALSE, TRUE). Numbers: 0 is false. */
export function fromBooleans(
  values: ArrayLike<boolean | number>,
  shape: readonly number[] = [lengthOf(values)],
): NdArray {
  const isList =
    typeof values === 'object' && Number.isSafeInteger((values as ArrayLike<unknown> | null)?.length)
  requireArgument(isList, 'values', { expected: 'an array of truth values', actual: values })
  const bytes = Uint8Array.from(values, (value) => (value ? 1 : 0))
  return checkNdArray({ datatype: BOOLEAN, shape, bytes })
}

/** Of what is said to be an array; what is none is refused by name afterwards. */
function lengthOf(array: { readonly length: number } | null | undefined): number {
  return array?.length ?? 0
}

/** The array itself, if its bytes are what its shape and type ask for; else E_USAGE, with the name of the argument that it is. */
export function checkNdArray(array: NdArray, argument = 'data'): NdArray {
  requireArgument(isNdArray(array), argument, {
    expected: 'an NdArray {datatype, shape, bytes}, as fromTypedArray makes it',
    actual: array,
  })
  const expected = countElements(array.shape) * array.datatype.size
  if (
    array.bytes.length !== expected ||
    array.shape.some((length) => !Number.isSafeInteger(length) || length < 0)
  ) {
    const message = `an array of shape (${array.shape.join(', ')}) and ${nameDtype(array.datatype)} has ${expected} bytes, not ${array.bytes.length}`
    throw new InvalidInput('E_USAGE', message, { expected, actual: array.bytes.length })
  }
  return array
}

function isNdArray(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { datatype, shape, bytes } = value as Partial<Record<keyof NdArray, unknown>>
  return isDatatype(datatype) && Array.isArray(shape) && bytes instanceof Uint8Array
}

export function isDatatype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'class' in value && 'size' in value
}

/** The same elements in memory of their own. Throws as `checkNdArray`. */
export function copyNdArray(array: NdArray): NdArray {
  const { datatype, shape, bytes } = checkNdArray(array)
  return { datatype, shape: [...shape], bytes: Uint8Array.from(bytes) }
}

/** Number of rows: the first dimension. Throws E_USAGE for a scalar. */
export function rowCountOf(array: NdArray): number {
  const rows = array.shape[0]
  if (rows === undefined)
    throw new InvalidInput('E_USAGE', 'data of a feature need a first dimension: the event')
  return rows
}

/** Shape of one row. */
export function itemShapeOf(array: NdArray): readonly number[] {
  return array.shape.slice(1)
}

/** Are the two types stored in the very same way? */
export function isSameDatatype(a: Datatype, b: Datatype): boolean {
  return a === b || Buffer.compare(encodeDatatype(a), encodeDatatype(b)) === 0
}

export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, dimension) => length === b[dimension])
}

/** Type and item shape in words, for messages: `<f8 (80, 320)`. */
export function describeItem(datatype: Datatype, itemShape: readonly number[]): string {
  return `${nameDtype(datatype)} (${itemShape.join(', ')})`
}

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
