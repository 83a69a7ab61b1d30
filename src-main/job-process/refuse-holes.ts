import { Hdf5Error, throwIfCancelled } from '../errors.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { adviseToLeaveOut } from '../read/common-rows.ts'
import { isBasinmap } from '../read/feature-names.ts'
import { readSoundContours } from '../read/read-contours.ts'
import type { RewritePlan, RowFeature } from './rewrite-plan.ts'
import { iterateRows } from './row-selection.ts'

const STEP = 4096

/**
 * Throws E_HOLE for a row that the output takes and that was never written, from the tables of chunks alone; of mappings also where
 * holes are filled. Throws also for a chosen contour that is none.
 */
export async function refuseHoles(
  { rowFeatures, heapFeatures, contour }: RewritePlan,
  holes: RewriteJob['holes'],
  signal: AbortSignal,
): Promise<void> {
  for (const feature of rowFeatures) {
    throwIfCancelled(signal)
    if (holes === 'refuse' || isBasinmap(feature.name)) await refuseHolesOf(feature)
  }
  if (holes === 'fill') return
  for (const { source, dataset } of heapFeatures) {
    // They are read at once, whatever rows are taken.
    const reader = await source.openReader(dataset)
    reader.refuseHoles(0, reader.rowCount)
  }
  if (contour !== undefined) await refuseHolesOfContours(contour, signal)
}

/** Where all events are taken, what is no contour goes over as it is. */
async function refuseHolesOfContours(
  { feature, source, rows }: NonNullable<RewritePlan['contour']>,
  signal: AbortSignal,
): Promise<void> {
  const contours = rows.isIdentity
    ? readSoundContours(source.file, feature)
    : source.readContours(feature, iterateRows(rows))
  for await (const dataset of contours) {
    throwIfCancelled(signal)
    const reader = await source.openReader(dataset)
    reader.refuseHoles(0, reader.rowCount)
  }
}

async function refuseHolesOf({ name, source, dataset, rows }: RowFeature): Promise<void> {
  const isRenumbered = name === 'index' && !rows.isIdentity
  if (isRenumbered) return
  const reader = await source.openReader(dataset)
  for (let start = 0; start < rows.count; start += STEP) {
    const run = rows.slice(start, Math.min(start + STEP, rows.count))
    if (run.kind === 'run') reader.refuseHoles(run.start, run.stop)
    else for (const row of Array.from(run.rows)) reader.refuseHoles(row, row + 1)
  }
}

/** What a command's user can do about a feature of which a piece was never written, besides filling it. */
export type HoleAdvice = (feature: string) => string

/** E_HOLE with what to do about it; any other error as it is. */
export function explainHole(
  thrown: unknown,
  holes: RewriteJob['holes'],
  advise: HoleAdvice = adviseToLeaveOut,
): unknown {
  if (!(thrown instanceof Hdf5Error) || thrown.code !== 'E_HOLE') return thrown
  const { path, object = '', offset, expected, actual } = thrown
  const feature = /^\/events\/(.+)$/.exec(object)?.[1]
  const isFillable = holes === 'refuse' && !isBasinmap(feature ?? '')
  const ways = [
    ...(isFillable ? ['write fill values there (--holes fill)'] : []),
    feature === undefined ? 'leave out basins (--basins drop)' : advise(feature),
  ]
  const message = `${thrown.message}; ${ways.join(', or ')}`
  return new Hdf5Error('E_HOLE', message, { path, object, offset, expected, actual, cause: thrown })
}
