import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { adviseToLeaveOut, type FeatureSource } from '../read/common-rows.ts'
import type { FeatureInfo } from '../read/feature-info.ts'
import { makeWarning } from '../read/make-warning.ts'
import type { Measurement } from '../read/measurement.ts'
import { listChosenFeatures, listNeededMaps } from './choose-features.ts'
import { planFill } from './plan-fill.ts'
import type { RewriteSources } from './rewrite-sources.ts'
import { selectList, selectRows, staysWithin, warnOfNothing, type ChosenRows } from './row-selection.ts'

/**
 * Settles how many events there are to select from, from the features that the job chooses, and which of them it selects.
 * Throws E_LEN if their lengths differ, are not to be cut, and not all of them have the events that the job names; E_RANGE with the line of an index file.
 */
export async function chooseRows(
  job: RewriteJob,
  sources: RewriteSources,
  disk: DiskPort,
): Promise<ChosenRows> {
  const { measurement } = sources
  const chosen = [...listChosenFeatures(job.features, measurement), ...listNeededMaps(job, sources)]
  const basins = job.lengths === 'cut' ? await listUnmapped(job, sources) : []
  const isComplete = job.lengths === 'refuse' && (await isCompleteChoice(job, { measurement, chosen, disk }))
  const lengths = isComplete ? 'cut' : job.lengths
  const counted = measurement.countRows(chosen, { lengths, advise: adviseToLeaveOut, basins })
  const rows = isComplete ? { ...counted, warnings: counted.warnings.map(tellUnequal) } : counted
  const selection = await selectRows(job.events, rows, disk)
  const ofNothing = warnOfNothing(job.events, selection, { path: measurement.path, count: rows.count })
  return { selection, eventCount: rows.count, lengths, warnings: [...rows.warnings, ...ofNothing] }
}

interface ChoiceOfRows {
  readonly measurement: Measurement
  readonly chosen: readonly FeatureInfo[]
  readonly disk: DiskPort
}

/** Are the events that the job names in all chosen features, although some of these have more? */
async function isCompleteChoice(
  job: RewriteJob,
  { measurement, chosen, disk }: ChoiceOfRows,
): Promise<boolean> {
  if (job.events.kind === 'all') return false
  const { count, isCut } = measurement.countRows(chosen, { lengths: 'cut' })
  return isCut && (await staysWithin(job.events, count, disk))
}

/** W_CUT, in the words for a choice that takes nothing that some feature lacks. */
function tellUnequal(warning: Warning): Warning {
  if (warning.code !== 'W_CUT') return warning
  const { path, object = '' } = warning
  const what = 'has fewer events than other features; those that were chosen are in all of them'
  return makeWarning(path, object, { code: 'W_CUT', what })
}

/** Features of basins that are copied in and should hold the events of the input. */
async function listUnmapped(
  { features: choice }: RewriteJob,
  { measurement, tree }: RewriteSources,
): Promise<FeatureSource[]> {
  if (tree === undefined) return []
  const nothing = selectList(new Float64Array(0), 0)
  const rows = { selection: nothing, eventCount: 0, lengths: 'cut', warnings: [] } as const
  const { features } = await planFill({ choice, measurement, tree, rows, lengths: 'cut' })
  return features
    .filter(({ isMapped }) => !isMapped)
    .map(({ feature, source }) => ({ path: source.path, features: [feature] }))
}
