import { InvalidInput, Unsupported, WeirError } from '../errors.ts'
import { joinPath } from '../hdf5/reading/file-reader.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'
import type { Link, StoredDataset } from '../hdf5/reading/stored-object.ts'
import { readChild } from './children.ts'
import type { ContourFeature } from './feature-info.ts'

/** Reads the datasets of `contour` one by one; see Measurement.readContours. */
export async function* readContours(
  file: FileReader,
  feature: ContourFeature,
  indices?: Iterable<number>,
): AsyncGenerator<StoredDataset> {
  const byName = new Map(feature.group.links.map((link) => [link.name, link]))
  if (indices !== undefined) {
    for (const index of indices)
      yield readOne(file, feature, { name: String(index), link: byName.get(String(index)) })
    return
  }
  for (const [name, link] of [...byName].sort(compareNumbered)) yield readOne(file, feature, { name, link })
}

/** "2" before "10"; names that are no numbers last, as they come. */
function compareNumbered([one]: readonly [string, Link], [other]: readonly [string, Link]): number {
  const [first, second] = [one, other].map((name) => (/^\d+$/.test(name) ? Number(name) : Infinity))
  return first === second ? 0 : (first ?? 0) < (second ?? 0) ? -1 : 1
}

/** Those contours that can be followed, in their order; the others are shown to `reportProblem`. */
export async function* readSoundContours(
  file: FileReader,
  feature: ContourFeature,
  reportProblem?: (error: WeirError) => void,
): AsyncGenerator<StoredDataset> {
  const byName = new Map(feature.group.links.map((link) => [link.name, link]))
  for (const [name, link] of [...byName].sort(compareNumbered)) {
    const found = await findOne(file, feature, { name, link })
    if (found instanceof WeirError) reportProblem?.(found)
    else yield found
  }
}

interface Entry {
  readonly name: string
  readonly link: Link | undefined
}

async function readOne(file: FileReader, feature: ContourFeature, entry: Entry): Promise<StoredDataset> {
  const found = await findOne(file, feature, entry)
  if (found instanceof WeirError) throw found
  return found
}

/** The dataset, or why there is none. */
async function findOne(
  file: FileReader,
  feature: ContourFeature,
  { name, link }: Entry,
): Promise<StoredDataset | WeirError> {
  const object = joinPath(feature.path, name)
  const place = { path: file.path, object }
  if (link === undefined) {
    return new InvalidInput('E_RANGE', `${object} is missing: event ${name} has no contour`, place)
  }
  const child = await readChild(file, feature.group, link)
  if (child.kind === 'damaged') return child.damaged.error
  if (child.kind === 'object' && child.object.kind === 'dataset') return child.object
  return new Unsupported('E_TYPE', `${object} should be a dataset of contour points`, place)
}
