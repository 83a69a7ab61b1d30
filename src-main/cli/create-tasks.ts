import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import type { FilterPool } from '../hdf5/filters/filter-pool.ts'
import { createFilterPool } from '../hdf5/filters/worker-filter-pool.ts'
import { checkBasinsJob } from '../job-process/check-basins-job.ts'
import { checkRecord } from '../job-process/check-record.ts'
import { checkRewrite } from '../job-process/check-rewrite.ts'
import { inspectFile } from '../read/inspect-file.ts'
import { verifyFile, type VerifyProgress } from '../read/verify-file.ts'
import type { Tasks } from './surroundings.ts'

/** Verifying has no queue and no output. */
const NOTHING_WRITTEN = {
  phase: 'verify',
  ...{ writeQueueSize: 0, queuedBytes: 0, queueLimitBytes: 0 },
  ...{ writtenEvents: 0, totalEvents: 0, writtenFrames: 0, totalFrames: 0 },
  ...{ bytesWritten: 0, verifiedBytes: 0, filterLoad: 0, diskLoad: 0 },
} as const

/** The real tasks. `close` ends the threads that verifying started. */
export function createTasks(disk: DiskPort): Tasks & { close(): Promise<void> } {
  let pool: FilterPool | undefined
  return {
    checkRewrite,
    checkRecord,
    checkBasinsJob,
    inspectFile: (path) => inspectFile(disk, path),
    verifyFile: (path, { signal, isDeep, reportProgress }) => {
      pool ??= createFilterPool()
      const startedMs = performance.now()
      const onProgress = ({ bytesRead }: VerifyProgress) => {
        reportProgress({ ...NOTHING_WRITTEN, bytesRead, seconds: (performance.now() - startedMs) / 1000 })
      }
      return verifyFile(path, { disk, pool, signal, isDeep, onProgress })
    },
    close: async () => pool?.close(),
  }
}
