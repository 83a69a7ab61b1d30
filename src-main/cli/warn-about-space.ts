import { dirname } from 'node:path'

import type { Warning } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { CheckedJob } from '../job-process/job-context.ts'
import { askQuietly } from './ask-quietly.ts'
import { formatBytesApart } from '../job-process/format-quantity.ts'

/**
 * Each job was checked for itself; together they may still need more room than their folder has. Gives a warning for each job from
 * which on the estimates exceed it, by its place in the list.
 */
export async function warnAboutSpace(
  jobs: readonly (CheckedJob | undefined)[],
  disk: DiskPort,
): Promise<ReadonlyMap<number, Warning>> {
  const folders = new Map<string, { freeBytes: number; neededBytes: number; jobCount: number }>()
  const warnings = new Map<number, Warning>()
  for (const [index, job] of jobs.entries()) {
    if (job === undefined) continue
    const path = dirname(job.output)
    const freeBytes = folders.get(path)?.freeBytes ?? (await askQuietly(disk.freeBytes(path)))
    if (freeBytes === undefined) continue
    const folder = folders.get(path) ?? { freeBytes, neededBytes: 0, jobCount: 0 }
    folders.set(path, folder)
    folder.neededBytes += job.estimatedBytes
    folder.jobCount += 1
    // A single job that is tight has been told so by its check.
    if (folder.jobCount < 2 || folder.neededBytes <= folder.freeBytes) continue
    const [needed, free] = formatBytesApart(folder.neededBytes, folder.freeBytes)
    const figures = `the outputs up to this one need about ${needed} in ${path}, ${free} are free`
    const message = `${job.output}: ${figures}; it may not find room`
    warnings.set(index, { code: 'W_SPACE', message, path: job.output })
  }
  return warnings
}
