import { basename, dirname, join } from 'node:path'
import type { OutputChoice } from '../jobs/job-draft.ts'
import type { Job } from '../jobs/job-schema.ts'
import { mirrorFolder } from '../jobs/mirror-folder.ts'
import { buildOutputName, listUnknownTokens, type NameTemplate, stemOf } from '../jobs/name-template.ts'
import type { NameToken } from '../jobs/name-tokens.ts'
import { inputOf, type OutputPlanner, type PlacedName } from '../jobs/plan-output.ts'
import type { QueuedJob } from '../jobs/queued-job.ts'
import type { Collision } from '../jobs/queue-view.ts'
import type { NameValueReader } from './name-values.ts'

/** The folder of an output, and the one below which it may have to be made. */
export interface OutputFolder {
  readonly folder: string
  /** Null: the folder is there. */
  readonly root: string | null
}

export interface WantedFolder {
  /** Undefined: as it was; null: beside the input. */
  readonly chosen: string | null | undefined
  /** Undefined: as it was. */
  readonly mirror: OutputChoice['mirror']
  readonly inputRoot: string | null
}

/** Where a job that has its output already is to write. */
export function moveFolder(job: Job, { chosen, mirror, inputRoot }: WantedFolder): OutputFolder {
  const root = rootOf(job)
  const folder = dirname(job.output)
  if (chosen === undefined && mirror === undefined) return { folder, root }
  const input = inputOf(job)
  if (chosen === null) return { folder: dirname(input ?? job.output), root: null }
  const base = chosen ?? root ?? folder
  // A folder that nobody chose gets no folders of ours.
  const isChosen = chosen !== undefined || root !== null || input === null || dirname(input) !== folder
  return mirrorWhere(base, { job, inputRoot, isWanted: isChosen && (mirror ?? root !== null) })
}

/** Where a new job is to write. */
export function chooseFolder(job: Job, { chosen, mirror, inputRoot }: WantedFolder): OutputFolder {
  if (chosen === null || chosen === undefined)
    return { folder: dirname(inputOf(job) ?? job.output), root: null }
  return mirrorWhere(chosen, { job, inputRoot, isWanted: mirror === true })
}

interface Mirrored {
  readonly job: Job
  readonly inputRoot: string | null
  readonly isWanted: boolean
}

/** Only rewrites have an input whose folders could be kept. */
function mirrorWhere(base: string, { job, inputRoot: root, isWanted }: Mirrored): OutputFolder {
  const canMirror = isWanted && root !== null && job.task === 'rewrite'
  const folder = canMirror ? mirrorFolder(base, { root, input: job.input }) : null
  return folder === null ? { folder: base, root: null } : { folder, root: base }
}

function rootOf(job: Job): string | null {
  return job.task === 'rewrite' ? (job.outputRoot ?? null) : null
}

export interface WantedOutput extends OutputFolder {
  readonly template: NameTemplate
  /** For `{n}`. */
  readonly place: number
  readonly collision: Collision
}

export interface PlacedOutput extends PlacedName {
  /** The name without the number; null: it has none. */
  readonly wantedName: string | null
  /** Tokens of the name for which nothing is known. */
  readonly unknownTokens: readonly NameToken[]
}

export interface PlacingParts {
  readonly planner: OutputPlanner
  readonly names: NameValueReader
}

/** Chooses the name. Rejects where the name needs the measurement and that cannot be read, and with E_EXISTS. */
export async function placeOutput(
  job: Job,
  { folder, template, place, collision }: WantedOutput,
  { planner, names }: PlacingParts,
): Promise<PlacedOutput> {
  const known = { stem: nameStem(job), task: job.task, n: String(place) }
  const values = { ...known, ...(await names.read(template, inputOf(job))) }
  const name = buildOutputName(template, values)
  const placed = await planner.place(join(folder, name), collision)
  const wantedName = placed.numberedFor === null ? null : name
  return { ...placed, wantedName, unknownTokens: listUnknownTokens(template, values) }
}

/** Of a basin file: the first file that it refers to. */
function nameStem(job: Job): string {
  const named = job.task === 'basins' ? job.sources[0]?.[0] : inputOf(job)
  return typeof named === 'string' ? stemOf(named) : 'simulated'
}

/** The job with its output there. */
export function withOutput(job: Job, path: string, { root, collision }: WantedOutput): Job {
  const overwrite = collision === 'replace'
  if (job.task !== 'rewrite') return { ...job, output: path, overwrite }
  const moved = { ...job, output: path, overwrite }
  delete moved.outputRoot
  return root === null ? moved : { ...moved, outputRoot: root }
}

/** The name as it is, braces and all; without a number that it only has because another one took the name. */
export function keepName({ job, wantedName }: Pick<QueuedJob, 'job' | 'wantedName'>): NameTemplate {
  return { parts: [wantedName ?? basename(job.output)] }
}
