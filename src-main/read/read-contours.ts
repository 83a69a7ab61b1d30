import { InvalidInput, Unsupported } from '../errors.ts'
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

async function readOne(
  file: FileReader,
  feature: ContourFeature,
  entry: { readonly name: string; readonly link: Link | undefined },
): Promise<StoredDataset> {
  const object = joinPath(feature.path, entry.name)
  if (entry.link === undefined) {
    throw new InvalidInput('E_RANGE', `${object} is missing: event ${entry.name} has no contour`, {
      path: file.path,
      object,
    })
  }
  const child = await readChild(file, feature.group, entry.link)
  if (child.kind === 'damaged') throw child.damaged.error
  if (child.kind === 'object' && child.object.kind === 'dataset') return child.object
  throw new Unsupported('E_TYPE', `${object} should be a dataset of contour points`, {
    path: file.path,
    object,
  })
}
