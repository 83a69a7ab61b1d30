import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Internal } from '../../../src-main/errors.ts'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import type {
  CheckedJob,
  JobContext,
  JobOutcome,
  JobProgress,
} from '../../../src-main/job-process/job-context.ts'
import type { Job } from '../../../src-main/jobs/job-schema.ts'
import type { FileReport } from '../../../src-main/read/inspect-file.ts'
import { runCommandLine } from '../../../src-main/cli/run-command-line.ts'
import { SignalCounter } from '../../../src-main/cli/signal-steps.ts'
import type { Tasks } from '../../../src-main/cli/surroundings.ts'
import type { TextSink } from '../../../src-main/cli/text-sink.ts'

export class MemorySink implements TextSink {
  text = ''
  isBusy = false

  write(text: string): void {
    this.text += text
  }

  flush(): Promise<void> {
    return Promise.resolve()
  }

  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '')
  }
}

export interface JsonLine {
  readonly type: string
  readonly [key: string]: unknown
}

export interface RunRecord {
  readonly code: number
  readonly stdout: MemorySink
  readonly stderr: MemorySink
  /** Standard output as JSON lines; throws if a line is none. */
  json(): JsonLine[]
  results(): JsonLine[]
}

export interface FakeRunOptions {
  readonly baseFolder?: string
  readonly tasks?: Partial<Tasks>
  readonly signals?: SignalCounter
  readonly columns?: () => number
}

/** Runs the command line with memory for its streams; tasks that a test does not give fail loudly. */
export async function runFake(given: readonly string[], options: FakeRunOptions = {}): Promise<RunRecord> {
  const stdout = new MemorySink()
  const stderr = new MemorySink()
  const code = await runCommandLine({
    arguments: given,
    baseFolder: options.baseFolder ?? tmpdir(),
    stdout,
    stderr,
    columns: options.columns,
    signals: options.signals ?? new SignalCounter(),
    disk: nodeDisk,
    tasks: {
      checkRewrite: () => refuseCall('checkRewrite'),
      checkRecord: () => refuseCall('checkRecord'),
      checkBasinsJob: () => refuseCall('checkBasinsJob'),
      inspectFile: () => refuseCall('inspectFile'),
      verifyFile: () => refuseCall('verifyFile'),
      ...options.tasks,
    },
  })
  const json = () => stdout.lines.map((line) => JSON.parse(line) as JsonLine)
  return { code, stdout, stderr, json, results: () => json().filter(({ type }) => type === 'result') }
}

function refuseCall(name: string): Promise<never> {
  return Promise.reject(new Internal(`${name} was not expected to be called`))
}

/** A checked job whose run is given. */
export function fakeCheckedJob(job: Job, run: CheckedJob['run'] = succeed(job)): CheckedJob {
  return {
    input: job.task === 'rewrite' ? job.input : null,
    output: job.output,
    reads: [],
    totalEvents: 7,
    estimatedBytes: 4_200_000,
    warnings: [],
    run,
  }
}

/** A run that ends well at once, after `during`. */
export function succeed(job: Job, during?: (context: JobContext) => void): CheckedJob['run'] {
  return (context) => {
    during?.(context)
    return Promise.resolve(makeOutcome(job.output))
  }
}

export function makeOutcome(output: string, changes: Partial<JobOutcome> = {}): JobOutcome {
  return {
    output,
    events: 7,
    bytesRead: 100,
    bytesWritten: 60,
    seconds: 0.5,
    verification: 'standard',
    ...{
      inputBytes: 1000,
      comparedChunks: 2,
      comparedBytes: 100,
      features: 4,
      content: null,
      recording: null,
      featuresAsStored: 0,
    },
    warnings: [],
    ...changes,
  }
}

export function makeProgress(changes: Partial<JobProgress> = {}): JobProgress {
  return {
    phase: 'copy',
    writeQueueSize: 3,
    queuedBytes: 3000,
    queueLimitBytes: 64_000_000,
    ...{ verifiedBytes: 0, filterLoad: 0, diskLoad: 0 },
    writtenEvents: 2,
    totalEvents: 7,
    writtenFrames: 0,
    totalFrames: 0,
    bytesRead: 50,
    bytesWritten: 20,
    seconds: 0.1,
    ...changes,
  }
}

export function makeReport(path: string, changes: Partial<FileReport> = {}): FileReport {
  return {
    path,
    bytes: 12_345,
    events: 7,
    identifier: 'abcdefgh-ijkl',
    attributes: {},
    features: [],
    logs: [],
    tables: [],
    basins: [],
    otherGroups: [],
    warnings: [],
    ...changes,
  }
}

/** Tasks in which every rewrite succeeds. */
export const obligingTasks: Partial<Tasks> = {
  checkRewrite: (job) => Promise.resolve(fakeCheckedJob(job)),
  checkRecord: (job) => Promise.resolve(fakeCheckedJob(job)),
}

export interface TemporaryFolder {
  readonly path: string
  /** Makes a small file and gives its path. */
  makeFile(name: string, text?: string): Promise<string>
  remove(): Promise<void>
}

export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'weir-cli-'))
  return {
    path,
    makeFile: async (name, text = 'x') => {
      const file = join(path, name)
      await writeFile(file, text)
      return file
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
