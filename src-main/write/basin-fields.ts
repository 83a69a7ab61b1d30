import type { BasinDefinitionFields } from './basin-text.ts'

export interface FileBasin {
  readonly name: string
  readonly description?: string | null | undefined
  readonly paths: readonly string[]
  readonly identifier?: string | null | undefined
  readonly features?: readonly string[] | null | undefined
}

export interface InternalBasin {
  readonly name: string
  readonly description?: string | null | undefined
  readonly features: Iterable<string>
}

/** Definition of a basin in another file, fields in dcnum's order. */
export function describeFileBasin(basin: FileBasin): BasinDefinitionFields {
  const { name, description, paths, identifier, features } = basin
  return {
    description: description ?? null,
    name,
    format: 'hdf5',
    paths,
    type: 'file',
    identifier: identifier ?? null,
    ...(features && features.length > 0 && { features }),
  }
}

/** Definition of a basin in `basin_events`, fields in dcnum's order, features sorted. */
export function describeInternalBasin(basin: InternalBasin): BasinDefinitionFields {
  const { name, description } = basin
  const features = [...basin.features].sort(compareByCodePoint)
  return {
    description: description ?? null,
    name,
    format: 'h5dataset',
    paths: ['basin_events'],
    type: 'internal',
    ...(features.length > 0 && { features }),
  }
}

/** As Python sorts text; JavaScript compares UTF-16 units instead. */
function compareByCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf-8'), Buffer.from(b, 'utf-8'))
}
