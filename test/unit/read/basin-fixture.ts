import type { Attribute } from '../../../src-main/hdf5/model.ts'
import { makeTextAttribute } from '../../../src-main/hdf5/writing/attributes.ts'
import { integerType } from '../../../src-main/hdf5/writing/datatypes.ts'
import type { FileWriter, GroupWriter } from '../../../src-main/hdf5/writing/file-writer.ts'
import { addBasin, addRows, addScalar, goodAttributes, writeFile } from './measurement-fixture.ts'

/** A measurement with nothing but scalars and what it refers to. */
export interface ReferrerPlan {
  /** Default `run-1`; null: none. */
  readonly identifier?: string | null
  /** Default: `time`, 0 to 3. */
  readonly features?: Readonly<Record<string, readonly number[]>>
  /** As `basinmap0`. */
  readonly mappings?: Readonly<Record<string, readonly number[]>>
  /** Fields of the definitions, by key. */
  readonly basins?: Readonly<Record<string, object>>
  /** What lies in `basin_events`. */
  readonly internal?: Readonly<Record<string, readonly number[]>>
  readonly fill?: (h5: FileWriter, events: GroupWriter) => unknown
}

/** Writes such a measurement and gives its path. */
export function writeReferrer(plan: ReferrerPlan = {}): Promise<string> {
  const { features = { time: [0, 1, 2, 3] }, mappings = {}, basins = {}, internal = {} } = plan
  return writeFile(async (h5) => {
    const events = h5.root.requireGroup('events')
    const lengths = [...Object.values(features), ...Object.values(mappings)].map((rows) => rows.length)
    for (const attribute of listAttributes(plan, lengths[0] ?? 0)) h5.root.setAttribute(attribute)
    for (const [name, values] of Object.entries(features)) await addScalar(events, name, values)
    for (const [name, rows] of Object.entries(mappings)) await addMapping(events, name, rows)
    for (const [key, fields] of Object.entries(basins)) await addBasin(h5.root, key, fields)
    for (const [name, values] of Object.entries(internal))
      await addScalar(h5.root.requireGroup('basin_events'), name, values)
    await plan.fill?.(h5, events)
  })
}

function listAttributes({ identifier = 'run-1' }: ReferrerPlan, events: number): Attribute[] {
  const attributes = goodAttributes(events).filter(({ name }) => name !== 'setup:identifier')
  return identifier === null
    ? attributes
    : [...attributes, makeTextAttribute('experiment:run identifier', identifier)]
}

function addMapping(events: GroupWriter, name: string, rows: readonly number[]): Promise<unknown> {
  const bytes = new Uint8Array(BigInt64Array.from(rows, BigInt).buffer)
  return addRows(events, name, { type: integerType(8, true), shape: [rows.length], bytes })
}

/** The definition of a basin of type `file`. */
export function fileBasin(path: string, more: object = {}): object {
  return { description: null, name: 'big', format: 'hdf5', paths: [path], type: 'file', ...more }
}

/** The definition of an internal basin. */
export function internalBasin(features: readonly string[], more: object = {}): object {
  return { name: 'inside', format: 'h5dataset', paths: ['basin_events'], type: 'internal', features, ...more }
}
