import { InvalidInput } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { Attribute } from '../hdf5/model.ts'
import { makeFloatAttribute, makeIntegerAttribute, makeTextAttribute } from '../hdf5/writing/attributes.ts'

const MAX_BYTES = 2 ** 20
/** Far more than any reader shows, and well below what a header of HDF5 takes. */
const MAX_NAME_BYTES = 1024

/** Root attributes out of a JSON file `{"section:key": text or number}`. Throws E_USAGE for anything else. */
export async function readMetadataFile(path: string, disk: DiskPort): Promise<Attribute[]> {
  const text = await disk.readText(path, MAX_BYTES)
  return Object.entries(parseObject(text, path)).map(([name, value]) => makeAttribute({ name, value, path }))
}

function parseObject(text: string, path: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new InvalidInput(
      'E_USAGE',
      `${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      { path, cause },
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInput('E_USAGE', `${path} should hold a JSON object, {"section:key": value}`, { path })
  }
  return value
}

interface Entry {
  readonly name: string
  readonly value: unknown
  readonly path: string
}

function makeAttribute({ name, value, path }: Entry): Attribute {
  // Spec: exactly one colon, or readers of .rtdc files fail on the whole file.
  if (!/^[^:]+:[^:]+$/.test(name)) {
    throw new InvalidInput(
      'E_USAGE',
      `${path}: "${name}" is no metadata key; write section:key, as imaging:pixel size`,
      { path, actual: name },
    )
  }
  if (name.includes('\0') || Buffer.byteLength(name) > MAX_NAME_BYTES) {
    const message = `${path}: "${name.slice(0, 40)} ..." is no metadata key; write at most ${MAX_NAME_BYTES} bytes without NUL`
    throw new InvalidInput('E_USAGE', message, { path })
  }
  if (name === 'experiment:event count') {
    throw new InvalidInput('E_USAGE', `${path}: "${name}" is counted by the recording itself`, {
      path,
      actual: name,
    })
  }
  if (typeof value === 'string') return makeTextAttribute(name, value)
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? makeIntegerAttribute(name, value) : makeFloatAttribute(name, value)
  throw new InvalidInput('E_USAGE', `${path}: the value of "${name}" should be a text or a number`, {
    path,
    actual: typeof value,
  })
}
