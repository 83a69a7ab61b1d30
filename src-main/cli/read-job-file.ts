import { assertNever, toWeirError, type WeirError } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { jobSchema, type EventSelection, type Job } from '../jobs/job-schema.ts'
import { refuseWrongCompression } from './parse-settings.ts'
import type { JobPaths, PlannedJob } from './planned-job.ts'
import { resolveBasinPath, resolvePath } from './resolve-path.ts'
import { usageError } from './usage-error.ts'

const MAX_BYTES = 16 * 2 ** 20

/**
 * The jobs of `weir run JOB.json`: one object, or an array of them; relative paths start at `baseFolder`. If one is not valid, all come back
 * refused. Throws what reading the file throws, and E_USAGE where it holds no jobs.
 */
export async function readJobFile(
  path: string,
  { disk, baseFolder }: { readonly disk: DiskPort; readonly baseFolder: string },
): Promise<readonly PlannedJob[]> {
  const entries = parseEntries(path, await disk.readText(path, MAX_BYTES))
  const outcomes = entries.map((entry, index) => readEntry(entry, { path, number: index + 1, baseFolder }))
  if (outcomes.every((outcome) => outcome.kind === 'job')) return outcomes
  const others = usageError(`${path}: not started, because another job of this file is not valid`, path)
  return outcomes.map((outcome, index) =>
    outcome.kind === 'job' ? refuseEntry(entries[index], others) : outcome,
  )
}

function parseEntries(path: string, text: string): readonly unknown[] {
  const content = parseJson(path, text)
  const entries: readonly unknown[] = Array.isArray(content) ? content : [content]
  if (entries.length === 0) throw usageError(`${path}: holds no jobs`, path)
  return entries
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw usageError(`${path}: not valid JSON (${reason})`, path)
  }
}

/** Where an entry stands. */
interface EntryPlace {
  /** Of the job file. */
  readonly path: string
  readonly number: number
  readonly baseFolder: string
}

function readEntry(entry: unknown, { path: file, number, baseFolder }: EntryPlace): PlannedJob {
  const refuse = (reason: string): PlannedJob =>
    refuseEntry(entry, usageError(`${file}: job ${number}: ${reason}`, file))
  const parsed = jobSchema.safeParse(entry)
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '))
    return refuse(reasons.join('; '))
  }
  try {
    const job = parsed.data
    if (job.task !== 'basins') refuseWrongCompression(job.compression)
    return { kind: 'job', job: resolvePaths(job, baseFolder) }
  } catch (thrown) {
    return refuse(toWeirError(thrown).message)
  }
}

function refuseEntry(entry: unknown, error: WeirError): PlannedJob {
  return { kind: 'refused', ...readPaths(entry), error }
}

/** As much of the paths as can be seen in an entry that may be anything. */
function readPaths(entry: unknown): JobPaths {
  if (typeof entry !== 'object' || entry === null) return { input: null, output: null }
  const input = 'input' in entry && typeof entry.input === 'string' ? entry.input : null
  const output = 'output' in entry && typeof entry.output === 'string' ? entry.output : null
  return { input, output }
}

function resolvePaths(job: Job, baseFolder: string): Job {
  const absolute = (path: string) => resolvePath(baseFolder, path)
  const output = absolute(job.output)
  const absoluteBasins = (paths: readonly string[]) => paths.map((path) => resolveBasinPath(baseFolder, path))
  const select = (events: EventSelection) =>
    events.kind === 'indices' ? { ...events, file: absolute(events.file) } : events
  switch (job.task) {
    case 'rewrite': {
      const relink = job.relink.map(({ key, paths }) => ({ key, paths: absoluteBasins(paths) }))
      const paths = { input: absolute(job.input), output, events: select(job.events), relink }
      return {
        ...job,
        ...paths,
        ...(job.outputRoot !== undefined && { outputRoot: absolute(job.outputRoot) }),
      }
    }
    case 'basins':
      return { ...job, output, sources: job.sources.map(absoluteBasins), events: select(job.events) }
    case 'record': {
      const { source, metadataFile } = job
      const resolved = source.kind === 'replay' ? { ...source, file: absolute(source.file) } : source
      return {
        ...job,
        output,
        source: resolved,
        metadataFile: metadataFile === null ? null : absolute(metadataFile),
      }
    }
    default:
      return assertNever(job)
  }
}
