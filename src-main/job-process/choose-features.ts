import { InvalidInput } from '../errors.ts'
import type { RewriteJob } from '../jobs/job-schema.ts'
import { listUsedBasinmaps } from '../read/basins.ts'
import type { FeatureInfo } from '../read/feature-info.ts'
import { isBasinmap } from '../read/feature-names.ts'
import type { Measurement } from '../read/measurement.ts'
import type { RewriteSources } from './rewrite-sources.ts'

/** Features of the input that the job chooses, without mappings; names that it lacks are passed over. */
export function listChosenFeatures(
  choice: RewriteJob['features'],
  measurement: Measurement,
): readonly FeatureInfo[] {
  const features = measurement.features.filter(({ name }) => !isBasinmap(name))
  if (choice === 'all') return features
  if (choice === 'scalar') return features.filter(({ kind }) => kind === 'scalar')
  const names = new Set(choice)
  return features.filter(({ name }) => names.has(name))
}

/** Mappings of the input that the output or a basin of it needs. */
export function listNeededMaps(
  { basins, features }: RewriteJob,
  { measurement, definitions }: RewriteSources,
): readonly FeatureInfo[] {
  if (basins === 'drop') return []
  const used = new Set(listUsedBasinmaps(definitions))
  return measurement.features.filter(({ name }) => isBasinmap(name) && (features === 'all' || used.has(name)))
}

/** Throws E_FEATURE for a name that is in neither the input nor among what its basins give. */
export function requireFeatures(
  choice: RewriteJob['features'],
  measurement: Measurement,
  filled: ReadonlySet<string>,
): void {
  if (typeof choice === 'string') return
  for (const name of choice) if (!filled.has(name)) requireFeature(name, measurement)
}

function requireFeature(name: string, measurement: Measurement): void {
  const { path } = measurement
  const object = `/events/${name}`
  if (isBasinmap(name)) {
    throw new InvalidInput(
      'E_FEATURE',
      `${name} of ${path} is no feature of its own: it travels with the basin that uses it`,
      { path, object },
    )
  }
  if (measurement.findFeature(name) === undefined) {
    const names = measurement.features.map((feature) => feature.name).filter((one) => !isBasinmap(one))
    throw new InvalidInput(
      'E_FEATURE',
      `${path} has no feature "${name}"; it has ${names.join(', ') || 'none'}`,
      { path, object },
    )
  }
}
