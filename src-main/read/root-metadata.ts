import type { Attribute } from '../hdf5/model.ts'
import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'
import type { RefusedAttribute } from '../hdf5/reading/stored-object.ts'
import { WeirError } from '../errors.ts'
import { findKeyType } from './metadata-keys.ts'
import { readNumberText } from './number-text.ts'

/** One root attribute whose name is `section:key`. */
export interface MetadataEntry {
  readonly section: string
  /** As stored. */
  readonly key: string
  readonly attribute: Attribute
  /** Undefined: it cannot be understood. */
  readonly value: AttributeValue | undefined
}

/** A root attribute whose value nobody can be shown: a reference, say. */
export interface OpaqueEntry {
  readonly section: string
  readonly key: string
  readonly reason: string
}

/**
 * Root attributes as readers of the field see them: keys without regard to case, empty text as if absent, text that spells a number as
 * that number.
 */
export class RootMetadata {
  readonly entries: readonly MetadataEntry[]
  readonly opaque: readonly OpaqueEntry[]
  /** Names without exactly one colon. */
  readonly misnamed: readonly string[]
  readonly #byName = new Map<string, MetadataEntry>()

  constructor(attributes: readonly Attribute[], refused: readonly RefusedAttribute[] = []) {
    const entries: MetadataEntry[] = []
    const opaque: OpaqueEntry[] = []
    const misnamed: string[] = []
    for (const attribute of attributes) {
      const name = splitName(attribute.name)
      if (name === undefined) misnamed.push(attribute.name)
      else entries.push({ ...name, attribute, value: readValue(attribute) })
    }
    for (const { name, reason } of refused) {
      const parts = splitName(name)
      if (parts === undefined) misnamed.push(name)
      else opaque.push({ ...parts, reason })
    }
    this.entries = entries
    this.opaque = opaque
    this.misnamed = misnamed
    for (const entry of entries) this.#byName.set(`${entry.section}:${entry.key.toLowerCase()}`, entry)
  }

  /** Is it there, and not empty text? */
  has(name: string): boolean {
    const value = this.get(name)
    return value !== undefined && value !== null && value !== ''
  }

  get(name: string): AttributeValue | undefined {
    return this.#byName.get(name)?.value
  }

  /** A number; undefined if absent or no number. Where readers want an integer, they cut off the rest. */
  getNumber(name: string): number | undefined {
    const number = toNumber(this.get(name))
    const [section = '', key = ''] = name.split(':')
    return number !== undefined && findKeyType(section, key) === 'integer' ? Math.trunc(number) : number
  }

  getText(name: string): string | undefined {
    const value = this.get(name)
    return typeof value === 'string' ? value : undefined
  }
}

function splitName(name: string): { section: string; key: string } | undefined {
  const [section, key, ...more] = name.split(':')
  return section === undefined || key === undefined || more.length > 0 ? undefined : { section, key }
}

function toNumber(value: AttributeValue | undefined): number | undefined {
  if (typeof value === 'string') return readNumberText(value)
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? Number(value)
    : undefined
}

function readValue(attribute: Attribute): AttributeValue | undefined {
  try {
    return readAttributeValue(attribute)
  } catch (thrown) {
    // A type that nobody can show; check-attributes says so.
    if (thrown instanceof WeirError && thrown.tag !== 'Internal') return undefined
    throw thrown
  }
}
