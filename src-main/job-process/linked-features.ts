import type { RowData } from './row-data.ts'

/** A further name of a dataset that goes over under another one. */
export interface LinkedFeature<Feature extends RowData> {
  readonly feature: Feature
  /** The first name of the dataset, as `deform` or `trace/fl1_raw`. */
  readonly of: string
}

export interface LinkedFeatures<Feature extends RowData> {
  /** Each dataset once. */
  readonly features: readonly Feature[]
  readonly linked: readonly LinkedFeature<Feature>[]
}

/**
 * Sets features aside that are, by hard links, the dataset of another one: they stay one in the output. `isSame` says whether the values
 * of both will be the same there too.
 */
export function setLinksAside<Feature extends RowData>(
  all: readonly Feature[],
  isSame: (one: Feature, other: Feature) => boolean,
): LinkedFeatures<Feature> {
  const features: Feature[] = []
  const linked: LinkedFeature<Feature>[] = []
  const byAddress = new Map<number, Feature[]>()
  for (const feature of all) {
    const namesakes = byAddress.get(feature.dataset.address) ?? []
    byAddress.set(feature.dataset.address, namesakes)
    const first = namesakes.find((one) => isSame(one, feature))
    if (first !== undefined) {
      linked.push({ feature, of: first.name })
      continue
    }
    namesakes.push(feature)
    features.push(feature)
  }
  return { features, linked }
}
