import type { Attribute } from '../hdf5/model.ts'
import { readAttributeValue } from '../hdf5/reading/attribute-value.ts'
import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'
import { WeirError } from '../errors.ts'

/** One root attribute whose name is `section:key`. */
export interface MetadataEntry {
  readonly section: string
  /** As stored. */
  readonly key: string
  readonly attribute: Attribute
  /** Undefined: it cannot be understood. */
  readonly value: AttributeValue | undefined
}

/** Root attributes as readers of the field see them: keys without regard to case, empty text as if absent. */
export class RootMetadata {
  readonly entries: readonly MetadataEntry[]
  /** Names without exactly one colon. */
  readonly misnamed: readonly string[]
  readonly #byName = new Map<string, MetadataEntry>()

  constructor(attributes: readonly Attribute[]) {
    const entries: MetadataEntry[] = []
    const misnamed: string[] = []
    for (const attribute of attributes) {
      const [section, key, ...more] = attribute.name.split(':')
      if (section === undefined || key === undefined || more.length > 0) misnamed.push(attribute.name)
      else entries.push({ section, key, attribute, value: readValue(attribute) })
    }
    this.entries = entries
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

  /** A number; undefined if absent or no number. */
  getNumber(name: string): number | undefined {
    const value = this.get(name)
    const number = typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : value
    return typeof number === 'number' ? number : undefined
  }

  getText(name: string): string | undefined {
    const value = this.get(name)
    return typeof value === 'string' ? value : undefined
  }
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
