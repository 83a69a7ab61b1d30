import { jobSchema, type Job } from '../../../src-main/jobs/job-schema.ts'
import type { JobProgress, OutcomeFigures } from '../../../src-main/jobs/job-report.ts'

export function makeRewrite(output = '/data/out.rtdc'): Job {
  return jobSchema.parse({ task: 'rewrite', input: '/data/in.rtdc', output })
}

export function makeRecording(output: string, simulated: { frames: number; rate: number | null }): Job {
  const source = { kind: 'simulate', ...simulated }
  return jobSchema.parse({ task: 'record', output, source, threads: 1, threshold: 20, verify: 'none' })
}

export const progress: JobProgress = {
  ...{ phase: 'copy', writeQueueSize: 3, queuedBytes: 300, queueLimitBytes: 1000 },
  ...{ writtenEvents: 5, totalEvents: 10, writtenFrames: 0, totalFrames: 0 },
  ...{ bytesRead: 500, bytesWritten: 200, verifiedBytes: 0, filterLoad: 0.9, diskLoad: 0.1, seconds: 0.5 },
}

export const figures: OutcomeFigures = {
  ...{ output: '/data/out.rtdc', events: 10, bytesRead: 1000, bytesWritten: 400 },
  ...{
    seconds: 1,
    verification: 'standard',
    inputBytes: 1000,
    comparedChunks: 3,
    comparedBytes: 1000,
    features: 4,
    content: null,
    recording: null,
    featuresAsStored: 0,
  },
}
