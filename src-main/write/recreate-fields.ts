import type { BasinDefinition } from '../read/basins.ts'
import { describeFileBasin, describeInternalBasin } from './basin-fields.ts'
import type { BasinDefinitionFields } from './basin-text.ts'

/** What `storeBasin` writes, in whatever order other programs do; and `key`, which is the name that a definition had elsewhere. */
const SHARED_FIELDS = ['description', 'name', 'format', 'paths', 'type', 'features', 'mapping', 'key']

/**
 * The fields of a definition as `storeBasin` would write them (without `mapping`), so that it gets dcnum's name; as they are if that would
 * lose any.
 */
export function recreateFields(definition: BasinDefinition): BasinDefinitionFields {
  const { name, description, paths, features, identifier, type, format, fields } = definition
  const holdsOnly = (known: readonly string[]): boolean =>
    Object.entries(fields).every(
      ([field, value]) => known.includes(field) || (field === 'perishable' && value === false),
    )
  if (name === null || !areTextsOrAbsent(fields) || features?.length === 0) return fields
  if (type === 'file' && format === 'hdf5' && holdsOnly([...SHARED_FIELDS, 'identifier'])) {
    return describeFileBasin({ name, description, paths, features, identifier })
  }
  if (type === 'internal' && format === 'h5dataset' && features && holdsOnly(SHARED_FIELDS)) {
    return describeInternalBasin({ name, description, features })
  }
  return fields
}

function areTextsOrAbsent(fields: BasinDefinitionFields): boolean {
  return [fields['description'], fields['identifier']].every(
    (value) => value === undefined || value === null || typeof value === 'string',
  )
}
