import { randomBytes } from 'node:crypto'
import type { DiskPort, WritableFile } from './disk-port.ts'
import { ForwardedFile } from './forwarded-file.ts'

/**
 * A new file in place of whatever file is at the path: made beside it, then given its name, so that the old one stays where no
 * new one can be made. Throws as `DiskPort.createExclusive` and `DiskPort.rename`.
 */
export async function createInPlace(disk: DiskPort, path: string): Promise<WritableFile> {
  const beside = `${path}.${randomBytes(6).toString('hex')}~`
  const file = await disk.createExclusive(beside)
  try {
    await disk.rename(beside, path)
  } catch (thrown) {
    await file.close()
    await disk.remove(beside)
    throw thrown
  }
  return new ForwardedFile(file, path)
}
