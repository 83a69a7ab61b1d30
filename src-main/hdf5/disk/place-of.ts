import { basename, dirname, join } from 'node:path'
import type { DiskPort } from './disk-port.ts'

/** The file systems of these take `A.rtdc` and `a.rtdc` for one name. */
const isCaseBlind = process.platform === 'win32' || process.platform === 'darwin'

/**
 * A path spelt so that one place has one spelling, whether a file is there or not. Its folder is followed through links, the name in it
 * is not. A folder that cannot be asked stays as it is spelt.
 */
export async function placeOf(path: string, disk: Pick<DiskPort, 'resolveLinks'>): Promise<string> {
  const folder = dirname(path)
  const place = join((await disk.resolveLinks(folder).catch(() => undefined)) ?? folder, basename(path))
  return isCaseBlind ? place.normalize('NFC').toLowerCase() : place
}
