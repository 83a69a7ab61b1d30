import type { FeatureView, FileView, RewriteSettings } from '../../../src-preload/contract.ts'
import { groupBy } from '../../group-by.ts'
import { countSelected } from './event-range.ts'

/** What can be chosen among the features: a dataset, or a group (`trace`, `contour`) as a whole. */

export type FeatureWish = RewriteSettings['features']

export interface FeatureChoice {
  readonly name: string
  readonly isScalar: boolean
  /** Of the first dataset. */
  readonly dtype: string | null
  readonly shape: readonly number[] | null
  readonly datasetCount: number
  /** Null: not known of every dataset. */
  readonly storedBytes: number | null
  readonly rawBytes: number | null
}

export interface SharedChoice extends FeatureChoice {
  /** How many of the files have it. */
  readonly fileCount: number
}

/** Basin mappings travel with the basins that use them; they are never chosen. */
function isBasinMapping(name: string): boolean {
  return /^basinmap\d+$/.test(name)
}

/** What of a file can be chosen, in its order. */
export function listChoices(view: FileView): readonly FeatureChoice[] {
  const groups = groupBy(view.features, ({ choice }) => choice)
  return [...groups].filter(([name]) => !isBasinMapping(name)).map(([name, parts]) => joinParts(name, parts))
}

function joinParts(name: string, parts: readonly FeatureView[]): FeatureChoice {
  return {
    name,
    isScalar: parts.every(({ isScalar }) => isScalar),
    dtype: parts[0]?.dtype ?? null,
    shape: parts[0]?.shape ?? null,
    datasetCount: parts.length,
    storedBytes: sumKnown(parts.map(({ storedBytes }) => storedBytes)),
    rawBytes: sumKnown(parts.map(({ rawBytes }) => rawBytes)),
  }
}

/** Null as soon as one is not known. */
function sumKnown(numbers: readonly (number | null)[]): number | null {
  let sum = 0
  for (const number of numbers) {
    if (number === null) return null
    sum += number
  }
  return sum
}

/** What any of the files has; sizes are summed over the files. */
export function uniteChoices(views: readonly FileView[]): readonly SharedChoice[] {
  const groups = groupBy(views.flatMap(listChoices), ({ name }) => name)
  return [...groups].map(([name, choices]) => ({
    name,
    isScalar: choices.every(({ isScalar }) => isScalar),
    dtype: choices[0]?.dtype ?? null,
    shape: choices.length === 1 ? (choices[0]?.shape ?? null) : null,
    datasetCount: choices[0]?.datasetCount ?? 0,
    storedBytes: sumKnown(choices.map(({ storedBytes }) => storedBytes)),
    rawBytes: sumKnown(choices.map(({ rawBytes }) => rawBytes)),
    fileCount: choices.length,
  }))
}

/** The names that a wish means in this file. A wished name that the file does not have is left in: the job will say so. */
export function nameWished(wish: FeatureWish, view: FileView): readonly string[] {
  if (wish === 'all') return listChoices(view).map(({ name }) => name)
  if (wish !== 'scalar') return wish
  return listChoices(view)
    .filter(({ isScalar }) => isScalar)
    .map(({ name }) => name)
}

/** The wish with these names put in or taken out; names that the file does not have are passed over. */
export function changeWish(
  wish: FeatureWish,
  view: FileView,
  { names, isWanted }: { readonly names: readonly string[]; readonly isWanted: boolean },
): readonly string[] {
  const present = new Set(listChoices(view).map(({ name }) => name))
  const wished = new Set(nameWished(wish, view).filter((name) => present.has(name)))
  for (const name of names) {
    if (isWanted && present.has(name)) wished.add(name)
    if (!isWanted) wished.delete(name)
  }
  return [...present].filter((name) => wished.has(name))
}

export interface KeptSize {
  readonly rawBytes: number
  /** Something is kept whose size is not known. */
  readonly isAtLeast: boolean
}

/** The size of what is kept, before compression. `listCount`: how many events a list of them names; null: not known. */
export function estimateKept(
  { features, events }: RewriteSettings,
  view: FileView,
  listCount: number | null = null,
): KeptSize {
  const names = new Set(nameWished(features, view))
  const kept = listChoices(view).filter(({ name }) => names.has(name))
  const selected = view.events === null ? null : countSelected(events, view.events, listCount)
  const share = selected === null || view.events === null || view.events === 0 ? 1 : selected / view.events
  const bytes = kept.reduce((sum, { rawBytes }) => sum + (rawBytes ?? 0), 0)
  return { rawBytes: Math.round(bytes * share), isAtLeast: kept.some(({ rawBytes }) => rawBytes === null) }
}
