import type { JobProgress } from '../../../src-preload/contract.ts'

/** A progress in the middle of a copy; what matters to a test is given. */
export function makeProgress(given: Partial<JobProgress> = {}): JobProgress {
  return {
    phase: 'copy',
    writeQueueSize: 10,
    queuedBytes: 20_000_000,
    queueLimitBytes: 100_000_000,
    writtenEvents: 100,
    totalEvents: 1000,
    writtenFrames: 0,
    totalFrames: 0,
    bytesRead: 0,
    bytesWritten: 0,
    verifiedBytes: 0,
    filterLoad: 0,
    diskLoad: 0,
    seconds: 0,
    ...given,
  }
}

/** One progress each tenth of a second, from 0.1 s on. */
export function makeCourse(
  count: number,
  give: (seconds: number, index: number) => Partial<JobProgress>,
): readonly JobProgress[] {
  return Array.from({ length: count }, (_, index) => {
    const seconds = (index + 1) / 10
    return makeProgress({ ...give(seconds, index), seconds })
  })
}
