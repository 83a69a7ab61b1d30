import type { Warning } from '../errors.ts'
import { shapeOf } from '../hdf5/model.ts'
import type { AttributeValue } from '../hdf5/reading/attribute-value.ts'
import type { FeatureInfo } from './feature-info.ts'
import { makeWarning } from './make-warning.ts'

/** How many events one dataset (or the group of contours) holds. */
export interface FeatureLength {
  /** As `deform` or `trace/fl1_raw`. */
  readonly name: string
  readonly path: string
  readonly length: number
  /** One value an event. */
  readonly isScalar: boolean
}

/** Lengths of everything in `events` that has a row an event; what is carried whole has none. */
export function listLengths(features: readonly FeatureInfo[]): FeatureLength[] {
  return features.flatMap((feature): FeatureLength[] => {
    const { name, path, length } = feature
    if (feature.kind === 'trace') {
      return feature.datasets.map((dataset) => ({
        name: dataset.path.split('/').slice(-2).join('/'),
        path: dataset.path,
        length: shapeOf(dataset.dataspace)[0] ?? 0,
        isScalar: false,
      }))
    }
    if (feature.kind === 'group' || feature.kind === 'other' || length === null) return []
    return [{ name, path, length, isScalar: feature.kind === 'scalar' }]
  })
}

/**
 * Sets aside images and traces that were declared and never filled (0 rows) where other features hold events.
 *
 * Acquisition programs create all datasets ahead and leave those empty that a measurement did not record; dclab ignores such empty
 * features when it settles metadata, dcnum looks at `experiment:event count` alone. They hold no row that could be lost, so they are
 * carried whole, as they are, with a warning. A scalar of 0 rows beside others stays an error: scalars are written with every event,
 * so an empty one is the trace of a writer that died.
 */
export function setAsideEmpty(
  file: string,
  features: readonly FeatureInfo[],
): { features: FeatureInfo[]; warnings: Warning[] } {
  const most = listLengths(features).reduce((greatest, entry) => Math.max(greatest, entry.length), 0)
  const warnings: Warning[] = []
  if (most === 0) return { features: [...features], warnings }
  const warn = (path: string): void => {
    const what = `holds 0 events where other features hold ${most}; it is carried as it is, empty`
    warnings.push(makeWarning(file, path, { code: 'W_EMPTY', what }))
  }
  const settled = features.flatMap((feature): FeatureInfo[] => {
    if (feature.kind === 'nd' && feature.length === 0) {
      warn(feature.path)
      return [{ ...feature, kind: 'other' }]
    }
    if (feature.kind !== 'trace') return [feature]
    const isEmpty =
      feature.datasets.length > 0 && feature.datasets.every((one) => shapeOf(one.dataspace)[0] === 0)
    if (!isEmpty) return [feature]
    warn(feature.path)
    const { name, path, group, datasets } = feature
    return [{ kind: 'group', name, path, group, datasets, length: null }]
  })
  return { features: settled, warnings }
}

/** First entry with the most frequent length (of equally frequent ones the greater). */
export function findUsualLength(lengths: readonly FeatureLength[]): FeatureLength | undefined {
  const frequency = new Map<number, number>()
  for (const { length } of lengths) frequency.set(length, (frequency.get(length) ?? 0) + 1)
  const [usual] = [...frequency].sort((a, b) => b[1] - a[1] || b[0] - a[0])
  return lengths.find((entry) => entry.length === usual?.[0])
}

/** What settles the number of events of a measurement. */
interface CountSources {
  /** Length that the features in question share; undefined: none of them has a row an event. */
  readonly common: number | undefined
  /** Value of `experiment:event count`. */
  readonly stated: AttributeValue | undefined
  readonly hasBasins: boolean
}

/**
 * Rows win over the attribute `experiment:event count`; a difference warns (W_COUNT). Only a file that holds no feature of its own and
 * gets all from basins has nothing but the attribute to say how many events it has.
 */
export function countEvents(
  file: string,
  sources: CountSources,
): { eventCount: number; warnings: Warning[] } {
  const { common, stated, hasBasins } = sources
  const number = asCount(stated)
  const claim = number ?? asTextCount(stated)
  const isText = number === undefined && claim !== undefined
  const warn = (what: string): Warning =>
    makeWarning(file, '/', { code: 'W_COUNT', what: `the attribute 'experiment:event count' ${what}` })
  const ofText = isText ? [warn(`is stored as the text "${claim}", not as a number`)] : []
  if (common === undefined && hasBasins && claim !== undefined) return { eventCount: claim, warnings: ofText }
  const eventCount = common ?? 0
  if (stated === undefined || claim === eventCount) return { eventCount, warnings: ofText }
  const said = claim === undefined ? 'is no number of events' : `says ${claim}${isText ? ' (as text)' : ''}`
  return {
    eventCount,
    warnings: [warn(`${said}, but the features hold ${eventCount} events; the features count`)],
  }
}

/** A number of events that a program stored as text. */
function asTextCount(value: AttributeValue | undefined): number | undefined {
  if (isList(value)) return value.length === 1 ? asTextCount(value[0]) : undefined
  const isDigits = typeof value === 'string' && /^\s*\d+\s*$/.test(value)
  return isDigits ? asCount(Number(value)) : undefined
}

/** A number of events as a stored attribute may have it: integer, float with an integer's value, one-element array. */
export function asCount(value: AttributeValue | undefined): number | undefined {
  if (isList(value)) return value.length === 1 ? asCount(value[0]) : undefined
  const count = typeof value === 'bigint' ? Number(value) : value
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined
}

/** `Array.isArray` takes no notice of readonly lists. */
function isList(value: AttributeValue | undefined): value is readonly AttributeValue[] {
  return Array.isArray(value)
}
