import { InvalidInput } from '../../errors.ts'
import type { Attribute, Dataspace, Datatype } from '../model.ts'
import { NO_SEQUENCE } from '../model.ts'
import { encodeTextAs, fixedStringType, float64Type, integerType, variableStringType } from './datatypes.ts'

const SCALAR: Dataspace = { kind: 'scalar' }

/** Text of any length, as h5py stores a Python `str`. */
export function makeTextAttribute(name: string, text: string): Attribute {
  const { bytes } = encodeTextAs(text)
  const sequences = bytes.byteLength === 0 ? [] : [bytes]
  return {
    name,
    datatype: variableStringType(),
    dataspace: SCALAR,
    data: { bytes: slotOf(bytes.byteLength, sequences.length - 1), sequences },
  }
}

/** One slot of RawData; no sequence for an index of -1. */
export function slotOf(length: number, index: number): Uint8Array<ArrayBuffer> {
  const slot = new Uint8Array(16)
  const view = new DataView(slot.buffer)
  view.setUint32(0, length, true)
  view.setUint32(4, index < 0 ? NO_SEQUENCE : index, true)
  return slot
}

/** Fixed-length text, as h5py stores a numpy byte string; UTF-8 if it is not ASCII. */
export function makeFixedTextAttribute(name: string, text: string): Attribute {
  const { bytes, charset } = encodeTextAs(text)
  // Spec: an element has at least one byte.
  const stored = bytes.byteLength === 0 ? Uint8Array.of(0) : bytes
  return makeScalar(name, fixedStringType(stored.byteLength, charset), stored)
}

/** A signed 64-bit integer. Throws InvalidInput (E_TYPE) for what is no whole number. */
export function makeIntegerAttribute(name: string, value: bigint | number): Attribute {
  if (typeof value !== 'bigint' && !Number.isInteger(value)) {
    const message = `attribute "${name}": an integer attribute holds a whole number, not ${String(value)}`
    throw new InvalidInput('E_TYPE', message, { actual: String(value) })
  }
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true)
  return makeScalar(name, integerType(8, true), bytes)
}

/** A 64-bit float. */
export function makeFloatAttribute(name: string, value: number): Attribute {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value, true)
  return makeScalar(name, float64Type(), bytes)
}

function makeScalar(name: string, datatype: Datatype, bytes: Uint8Array): Attribute {
  return { name, datatype, dataspace: SCALAR, data: { bytes, sequences: [] } }
}
