import { createHash } from 'node:crypto'

import { InvalidInput } from '../errors.ts'
import type { DatasetWriter, GroupWriter } from '../hdf5/writing/file-writer.ts'
import type { BasinHost } from './basin-host.ts'
import { digestOfRecorded } from './content-record.ts'
import type { NdArray } from './nd-array.ts'
import { recastIntegers } from './recast-integers.ts'

const MAPPING_COUNT = 10

/** A feature `basinmapN`, and whether it has to be stored first. */
export interface MappingChoice {
  readonly feature: string
  readonly isNew: boolean
}

/**
 * The feature that holds an equal mapping, else the next free one of `basinmap0` to `basinmap9`. Writes nothing.
 * Throws InvalidInput: E_USAGE for anything but 1-D integers, E_BASIN if all ten hold other mappings.
 */
export function chooseMapping(writer: BasinHost, mapping: NdArray): MappingChoice {
  if (mapping.datatype.class !== 'integer' || mapping.shape.length !== 1) {
    throw new InvalidInput('E_USAGE', 'a mapping of a basin is a 1-D array of integers')
  }
  for (let number = 0; number < MAPPING_COUNT; number++) {
    const feature = `basinmap${number}`
    if (writer.events.child(feature) === undefined) return { feature, isNew: true }
    if (isMapping(writer.events, feature, mapping)) return { feature, isNew: false }
  }
  throw refuseMapping(writer)
}

/** Throws E_BASIN if these mappings, one after the other, are more than the file can still take. */
export function requireFreeMappings(writer: BasinHost, mappings: readonly NdArray[]): void {
  const names = Array.from({ length: MAPPING_COUNT }, (_, number) => `basinmap${number}`)
  const fresh: NdArray[] = []
  for (const mapping of mappings) {
    const isThere = names.some((name) => isMapping(writer.events, name, mapping))
    if (!isThere && !fresh.some((other) => isSameMapping(other, mapping))) fresh.push(mapping)
  }
  const free = names.filter((name) => writer.events.child(name) === undefined)
  if (fresh.length > free.length) throw refuseMapping(writer)
}

function refuseMapping({ h5 }: BasinHost): InvalidInput {
  const message = `${h5.path} can hold ${MAPPING_COUNT} mappings of basins, no more are possible`
  return new InvalidInput('E_BASIN', message, { path: h5.path, object: '/events' })
}

function isSameMapping(one: NdArray, other: NdArray): boolean {
  const recast = recastIntegers(other, one.datatype)
  return recast !== undefined && Buffer.compare(recast.bytes, one.bytes) === 0
}

/** Does this feature hold the same rows, whatever its integer type? */
export function isMapping(events: GroupWriter, feature: string, mapping: NdArray): boolean {
  const dataset = events.child(feature)
  return dataset?.kind === 'dataset' && holdsMapping(dataset, mapping)
}

function holdsMapping(dataset: DatasetWriter, mapping: NdArray): boolean {
  const recast = recastIntegers(mapping, dataset.spec.datatype)
  if (!recast) return false
  return digestOfRecorded(dataset) === createHash('sha256').update(recast.bytes).digest('hex')
}
