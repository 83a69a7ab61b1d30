import { InvalidInput } from '../errors.ts'
import type { FileReader } from '../hdf5/reading/file-reader.ts'

/**
 * Names of the features that a file can give as a basin, sorted by code point: those in `events` and in `basin_events` (one that is in
 * both twice, as dcnum lists it), without `basinmap...`. Names only; nothing is opened.
 *
 * Throws InvalidInput E_NOT_RTDC without a group `/events`. dcnum: in `create_with_basins`.
 */
export async function listOfferedFeatures(file: FileReader): Promise<string[]> {
  const events = await file.find('/events')
  if (events?.kind !== 'group') {
    const { path } = file
    const message = `${path} is an HDF5 file, but no RT-DC file: the group /events is missing`
    throw new InvalidInput('E_NOT_RTDC', message, { path, object: '/events' })
  }
  const internal = await file.find('/basin_events')
  return [...events.links, ...(internal?.kind === 'group' ? internal.links : [])]
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('basinmap'))
    .sort((a, b) => Buffer.compare(Buffer.from(a, 'utf-8'), Buffer.from(b, 'utf-8')))
}
