import { InvalidInput } from '../errors.ts'
import { describeFileBasin, describeInternalBasin } from './basin-fields.ts'
import type { BasinHost } from './basin-host.ts'
import type { BasinDefinitionFields } from './basin-text.ts'
import { checkNdArray, type NdArray } from './nd-array.ts'
import { requireArgument, requireName, requireObject, requireTexts } from './require-argument.ts'
import { planDefinition } from './store-definition.ts'

/** Arguments of `storeBasin`. dcnum: `HDF5Writer.store_basin`. */
export interface BasinToStore {
  /** Need not be unique. */
  readonly name: string
  /** Where the basin lies, alternatives in order; not with `internalData`. */
  readonly paths?: readonly string[] | null | undefined
  /** What the basin provides; left out or empty: everything. Not with `internalData`. */
  readonly features?: readonly string[] | null | undefined
  readonly description?: string | null | undefined
  /** 1-D integers: which row of the basin each event is. */
  readonly mapping?: NdArray | null | undefined
  /** Features to store in group `basin_events`; empty: none. */
  readonly internalData?: ReadonlyMap<string, NdArray> | null | undefined
  /** Measurement identifier of the basin; not stored for an internal one. */
  readonly identifier?: string | null | undefined
}

/**
 * Stores the definition of a basin (and of an internal one the data) and returns its name in group `basins`; one that is
 * there already stays.
 *
 * Throws InvalidInput, before anything is written: E_USAGE for arguments that exclude each other, E_EXISTS for internal data that
 * are there already, E_BASIN if all of `basinmap0` to `basinmap9` are taken by other mappings.
 */
export async function storeBasin(writer: BasinHost, basin: BasinToStore): Promise<string> {
  requireBasin(basin)
  const { internalData, mapping } = basin
  const isInternal = internalData !== undefined && internalData !== null && internalData.size > 0
  const fields = isInternal ? describeInternal(writer, basin, internalData) : describeFile(basin)
  const planned = planDefinition(writer, fields, mapping ?? null)
  if (isInternal)
    for (const [feat, data] of internalData) await writer.storeFeatureChunk(feat, data, 'basin_events')
  await planned.store()
  return planned.name
}

function requireBasin(basin: BasinToStore): void {
  requireObject(basin, 'basin')
  const { name, paths, features, mapping, internalData } = basin
  requireName(name, 'basin.name')
  requireTexts(paths, 'basin.paths', true)
  requireTexts(features, 'basin.features', true)
  if (mapping) checkNdArray(mapping, 'basin.mapping')
  const isMap = internalData === undefined || internalData === null || internalData instanceof Map
  requireArgument(isMap, 'basin.internalData', {
    expected: 'a Map of features to arrays',
    actual: internalData,
  })
}

function describeInternal(
  writer: BasinHost,
  basin: BasinToStore,
  internalData: ReadonlyMap<string, NdArray>,
): BasinDefinitionFields {
  const given = [basin.features && 'features', basin.paths && 'paths'].filter(
    (word) => typeof word === 'string',
  )
  if (given.length > 0) {
    throw refuseUsage(`basin "${basin.name}" has internal data and must not be given ${given.join(' and ')}`)
  }
  if (basin.identifier !== undefined && basin.identifier !== null) {
    writer.logger.warning(
      `identifier ${basin.identifier} of the internal basin "${basin.name}" is not stored`,
    )
  }
  const stored = writer.h5.root.requireGroup('basin_events')
  for (const feat of internalData.keys()) {
    if (stored.child(feat) === undefined) continue
    const object = `/basin_events/${feat}`
    throw new InvalidInput('E_EXISTS', `${object} is already there as an internal basin feature`, {
      path: writer.h5.path,
      object,
    })
  }
  return describeInternalBasin({
    name: basin.name,
    description: basin.description,
    features: internalData.keys(),
  })
}

function describeFile(basin: BasinToStore): BasinDefinitionFields {
  if (!basin.paths) throw refuseUsage(`basin "${basin.name}" has no internal data and needs paths`)
  return describeFileBasin({ ...basin, paths: basin.paths })
}

function refuseUsage(message: string): InvalidInput {
  return new InvalidInput('E_USAGE', message)
}
