import { InvalidInput, type Warning } from '../errors.ts'
import { findUsualLength, listLengths, type FeatureLength } from './event-count.ts'
import type { ContourFeature, FeatureInfo } from './feature-info.ts'
import { isBasinmap } from './feature-names.ts'
import { makeWarning } from './make-warning.ts'

/** What to do where features hold different numbers of events: E_LEN, or take the rows that all of them have. */
export type LengthChoice = 'refuse' | 'cut'

/** A file and features of it. */
export interface FeatureSource {
  readonly path: string
  readonly features: readonly FeatureInfo[]
}

export interface CommonRowsOptions {
  readonly lengths: LengthChoice
  /** What the user can do about a feature of another length besides cutting, for E_LEN; left out: nothing. */
  readonly advise?: (feature: string) => string
}

/** The rows that features have in common, from the first on. */
export interface CommonRows {
  /** Undefined: none of the features has a row an event. */
  readonly count: number | undefined
  /** Some of the features have more rows than that. */
  readonly isCut: boolean
  /** W_CUT: how many rows of which features are left out. */
  readonly warnings: readonly Warning[]
}

/**
 * The rows that all features of these files have: the fewest that one of them has, of `contour` those that are numbered without a gap.
 * Throws InvalidInput E_LEN, naming two features and their lengths, if they differ and are not to be cut.
 */
export function findCommonRows(
  sources: readonly FeatureSource[],
  { lengths: choice, advise }: CommonRowsOptions,
): CommonRows {
  const lengths = sources.flatMap(listEntries)
  const count = lengths[0]?.length
  const isUnequal = lengths.some(({ length }) => length !== count)
  if (isUnequal && choice === 'cut') return cutLengths(sources.flatMap(listNumberedEntries))
  for (const { path, features } of sources) refuseUnequal(path, listLengths(features), advise)
  return { count, isCut: false, warnings: [] }
}

interface LengthEntry extends FeatureLength {
  readonly file: string
}

function listEntries({ path, features }: FeatureSource): LengthEntry[] {
  return listLengths(features).map((entry) => ({ ...entry, file: path }))
}

function listNumberedEntries({ path, features }: FeatureSource): LengthEntry[] {
  const contour = features.find((feature) => feature.kind === 'contour')
  return listEntries({ path, features }).map((entry) =>
    entry.path === contour?.path ? { ...entry, length: countNumbered(contour) } : entry,
  )
}

function cutLengths(lengths: readonly LengthEntry[]): CommonRows {
  const shortest = lengths.reduce((least, entry) => (entry.length < least.length ? entry : least))
  const { file, path, length: count } = shortest
  const longer = lengths.filter(({ length }) => length > count)
  const cut = longer.map(({ name, length }) => `${length - count} of ${name}`).join(', ')
  const what = `has ${count} rows, and so many are taken of all features; rows left out: ${cut}`
  const warnings = longer.length > 0 ? [makeWarning(file, path, { code: 'W_CUT', what })] : []
  return { count, isCut: longer.length > 0, warnings }
}

/** Contours from "0" on, up to the first that is missing. */
function countNumbered({ group }: ContourFeature): number {
  const names = new Set(group.links.map(({ name }) => name))
  let count = 0
  while (names.has(String(count))) count++
  return count
}

/** Throws InvalidInput E_LEN naming two features and their lengths if they differ. */
export function refuseUnequal(
  file: string,
  lengths: readonly FeatureLength[],
  advise?: CommonRowsOptions['advise'],
): void {
  const usual = findUsualLength(lengths)
  const odd = lengths.find((entry) => entry.length !== usual?.length)
  if (usual === undefined || odd === undefined) return
  throw new InvalidInput(
    'E_LEN',
    `${file}: features hold different numbers of events: ${usual.name} has ${usual.length}, ${odd.name} has ${odd.length}; ` +
      `take the rows that all of them have (--lengths cut)${advise ? `, or ${advise(odd.name)}` : ''}`,
    { path: file, object: odd.path, expected: usual.length, actual: odd.length },
  )
}

/** How a rewrite goes on without a feature. */
export function adviseToLeaveOut(feature: string): string {
  if (isBasinmap(feature)) return `leave out basins, which need ${feature} (--basins drop)`
  return `leave ${feature.split('/')[0]} out by naming the features to take (--features)`
}
