import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { adviseToLeaveOut, type FeatureSource } from '../read/common-rows.ts'
import { listChosenFeatures, listNeededMaps } from './choose-features.ts'
import { planFill } from './plan-fill.ts'
import type { RewriteSources } from './rewrite-sources.ts'
import { selectList, selectRows, warnOfNothing, type ChosenRows } from './row-selection.ts'

/**
 * Settles how many events there are to select from, from the features that the job chooses, and which of them it selects.
 * Throws E_LEN if their lengths differ and are not to be cut, E_RANGE with the line of an index file.
 */
export async function chooseRows(
  job: RewriteJob,
  sources: RewriteSources,
  disk: DiskPort,
): Promise<ChosenRows> {
  const { measurement } = sources
  const { lengths } = job
  const chosen = [...listChosenFeatures(job.features, measurement), ...listNeededMaps(job, sources)]
  const basins = lengths === 'cut' ? await listUnmapped(job, sources) : []
  const rows = measurement.countRows(chosen, { lengths, advise: adviseToLeaveOut, basins })
  const selection = await selectRows(job.events, rows, disk)
  const ofNothing = warnOfNothing(job.events, selection, { path: measurement.path, count: rows.count })
  return { selection, eventCount: rows.count, warnings: [...rows.warnings, ...ofNothing] }
}

/** Features of basins that are copied in and should hold the events of the input. */
async function listUnmapped(
  { features: choice }: RewriteJob,
  { measurement, tree }: RewriteSources,
): Promise<FeatureSource[]> {
  if (tree === undefined) return []
  const nothing = selectList(new Float64Array(0), 0)
  const rows = { selection: nothing, eventCount: 0, warnings: [] }
  const { features } = await planFill({ choice, measurement, tree, rows, lengths: 'cut' })
  return features
    .filter(({ isMapped }) => !isMapped)
    .map(({ feature, source }) => ({ path: source.path, features: [feature] }))
}
