import { BasinUnresolved, InvalidInput } from '../errors.ts'
import type { BasinLink, RewriteJob } from '../jobs/job-schema.ts'
import type { BasinDefinition } from '../read/basins.ts'
import type { Measurement } from '../read/measurement.ts'
import { BasinFiles, openBasin, type BasinOpening, type BasinPlace } from '../read/open-basin.ts'

/**
 * The definitions of the input with the paths that the job gives to some of them.
 *
 * Throws E_BASIN for a key that is none of a `file` basin, and where the new paths lead to nothing, to another measurement, or back to
 * the input; E_USAGE for a key that is named twice, or if the job drops the basins anyway.
 */
export async function relinkBasins(
  job: Pick<RewriteJob, 'relink' | 'basins'>,
  measurement: Measurement,
  opening: BasinOpening,
): Promise<readonly BasinDefinition[]> {
  const { path, basins } = measurement
  if (job.relink.length === 0) return basins
  if (job.basins === 'drop') {
    throw new InvalidInput('E_USAGE', `${path}: basins that are left out cannot be relinked; keep them`, {
      path,
    })
  }
  const relinked = new Map<string, BasinDefinition>()
  for (const link of job.relink) {
    if (relinked.has(link.key))
      throw new InvalidInput('E_USAGE', `${path}: the basin ${link.key} is relinked twice`, { path })
    relinked.set(link.key, await relink(link, measurement, opening))
  }
  return basins.map((basin) => relinked.get(basin.key) ?? basin)
}

async function relink(
  { key, paths }: BasinLink,
  measurement: Measurement,
  opening: BasinOpening,
): Promise<BasinDefinition> {
  const basin = measurement.basins.find((one) => one.key === key)
  if (basin === undefined) {
    const known = measurement.basins.map((one) => one.key).join(', ') || 'none'
    throw refuse(measurement, key, `there is no such basin to relink; there are: ${known}`)
  }
  if (basin.type !== 'file')
    throw refuse(measurement, key, `a basin of type '${basin.type}' has no file that could be relinked`)
  const changed = { ...basin, paths, fields: { ...basin.fields, paths } }
  await checkPaths(changed, measurement, opening)
  return changed
}

/** Alternatives may lie on computers that are not here; but one must be, and each that is here must be right. */
async function checkPaths(
  basin: BasinDefinition,
  measurement: Measurement,
  opening: BasinOpening,
): Promise<void> {
  const { path, identifier } = measurement
  const facts = await opening.disk.follow(path)
  const chain = facts === undefined ? [] : [facts.identity]
  const files = new BasinFiles(opening)
  const places: BasinPlace[] = []
  try {
    for (const given of basin.paths) {
      const opened = await openBasin({ ...basin, paths: [given] }, { path, identifier, chain }, files)
      places.push(...opened.places)
    }
  } finally {
    await files.close()
  }
  const wrong = places.find(({ state }) => state === 'other' || state === 'cyclic')
  if (wrong !== undefined || !places.some(({ state }) => state === 'found')) {
    const what = (wrong === undefined ? places : [wrong]).map(describePlace).join('; ')
    throw refuse(measurement, basin.key, `the new path does not lead to the basin: ${what}`)
  }
}

/** What became of a path, for people. */
export function describePlace({ given, path, state, reason }: BasinPlace): string {
  const place = path === null || path === given ? given : `${given} (${path})`
  switch (state) {
    case 'found':
      return `${place} was found`
    case 'other':
      return `${place} is not the basin: ${reason ?? ''}`
    case 'cyclic':
      return `${place} leads back to the file that refers to it`
    case 'network':
      return `${place} lies on another computer and was not looked at`
    case 'unconfirmed':
      return `${place} was not looked at`
    case 'missing':
      return `${place} does not exist`
  }
}

function refuse({ path }: Measurement, key: string, what: string): BasinUnresolved {
  const object = `/basins/${key}`
  return new BasinUnresolved('E_BASIN', `${path}: ${object}: ${what}`, { path, object })
}
