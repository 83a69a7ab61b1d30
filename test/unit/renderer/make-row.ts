import type { BasinsJob, QueueRow, RewriteJob } from '../../../src-preload/contract.ts'

export const rewriteJob: RewriteJob = {
  task: 'rewrite',
  input: '/data/a.rtdc',
  output: '/out/a.rtdc',
  features: 'all',
  events: { kind: 'all' },
  compression: { codec: 'zstd', level: 5, shuffle: false, checksum: true },
  metadata: { attributes: true, logs: true, tables: true },
  basins: 'keep',
  relink: [],
  addSourceBasin: false,
  lengths: 'refuse',
  holes: 'refuse',
  verify: 'standard',
  overwrite: false,
  threads: null,
}

export const recordingJob: QueueRow['job'] = {
  task: 'record',
  output: '/out/r.rtdc',
  source: {
    kind: 'replay',
    file: '/data/a.rtdc',
    rate: 1000,
    readers: 2,
    lengths: 'refuse',
    holes: 'refuse',
  },
  seed: 42,
  threshold: 500,
  metadataFile: null,
  compression: { codec: 'zstd', level: 5, shuffle: false, checksum: true },
  verify: 'standard',
  overwrite: false,
  threads: null,
}

export const basinsJob: BasinsJob = {
  task: 'basins',
  output: '/out/basins.rtdc',
  sources: [['/data/a.rtdc']],
  paths: 'both',
  events: { kind: 'all' },
  lengths: 'refuse',
  overwrite: false,
}

const told: Pick<QueueRow['life'], 'checked' | 'progress' | 'warnings' | 'warningCount'> = {
  checked: null,
  progress: null,
  warnings: [],
  warningCount: 0,
}

export const lives = {
  waiting: { ...told, state: 'waiting' },
  running: { ...told, state: 'running', phase: 'copy', isStopping: false },
  done: {
    ...told,
    state: 'done',
    figures: {
      output: '/out/a.rtdc',
      events: 10,
      bytesRead: 100,
      bytesWritten: 50,
      seconds: 1,
      verification: 'standard',
      inputBytes: 80,
      comparedChunks: 3,
      comparedBytes: 40,
      features: 4,
      featuresAsStored: 0,
      content: null,
      recording: null,
    },
  },
} as const satisfies Record<string, QueueRow['life']>

/** A job that failed with this code. */
export function makeFailure(code: string, path: string | null = null): QueueRow['life'] {
  return { ...told, state: 'failed', error: { code, message: `${code} happened`, path }, lastWords: null }
}

/** A row of the queue that waits; what matters to a test is given. */
export function makeRow(given: Partial<QueueRow> = {}): QueueRow {
  return {
    id: 'a',
    job: rewriteJob,
    input: { token: '3b241101-e2bb-4255-8caf-4136c566a962', path: '/data/a.rtdc' },
    indexFile: null,
    inputRoot: null,
    wantedName: null,
    nameTemplate: null,
    collision: 'refuse',
    life: lives.waiting,
    isReleased: true,
    isUnfinished: false,
    leftoverPath: null,
    addedAt: '2026-01-01T10:00:00Z',
    endedAt: null,
    ...given,
  }
}
