import { dirname, join } from 'node:path'
import { InvalidInput, toErrorData } from '../errors.ts'
import type {
  AddedJobs,
  ChangedJobs,
  JobChange,
  OutputChoice,
  OutputPreview,
  RecordDraft,
  RefusedFile,
  RefusedJob,
  RetryOptions,
  RewriteDraft,
} from '../jobs/job-draft.ts'
import { hasEnded } from '../jobs/job-life.ts'
import type { JobOrigin, JobQueue, QueuedChange } from '../jobs/job-queue.ts'
import { jobSchema, type Job } from '../jobs/job-schema.ts'
import { spreadLinks } from '../jobs/link-paths.ts'
import { parseNameTemplate, type NameTemplate } from '../jobs/name-template.ts'
import { inputOf, OutputPlanner, type PlaceLookup } from '../jobs/plan-output.ts'
import type { QueuedJob } from '../jobs/queued-job.ts'
import type { Collision } from '../jobs/queue-view.ts'
import { applyChange, tolerateIn } from './apply-change.ts'
import type { FileTokens } from './file-tokens.ts'
import type { InputRoots } from './input-roots.ts'
import { NameValueReader, type NameValueParts } from './name-values.ts'
import {
  chooseFolder,
  keepName,
  moveFolder,
  placeOutput,
  type WantedOutput,
  withOutput,
} from './place-output.ts'
import { previewOutputs } from './preview-outputs.ts'
import { resolveChange, resolveSettings } from './resolve-events.ts'

export interface PlanParts extends NameValueParts {
  readonly queue: JobQueue
  readonly tokens: FileTokens
  readonly lookup: PlaceLookup
  readonly inputRoots: InputRoots
}

/** Makes jobs of what the page asks for, one request after another: each sees the names that the one before has taken. */
export class JobPlans {
  readonly #parts: PlanParts
  readonly #names: NameValueReader
  #turn: Promise<unknown> = Promise.resolve()
  #previewNumber = 0

  constructor(parts: PlanParts) {
    this.#parts = parts
    this.#names = new NameValueReader(parts)
  }

  /** One job an input; an input that gets none is named with the reason. Throws E_REQUEST, E_USAGE. */
  addRewrites(draft: RewriteDraft): Promise<AddedJobs> {
    const { tokens, queue, inputRoots } = this.#parts
    const settings = resolveSettings(draft.settings, tokens)
    const { collision, mirror } = draft.output
    const inputs = draft.inputs.map((token) => tokens.findFile(token))
    const chosen = draft.output.folder === null ? null : tokens.findFolder(draft.output.folder)
    const template = parseNameTemplate(draft.output.name)
    return this.#inTurn(async () => {
      const planner = await this.#createPlanner(queue.jobs)
      // All of them first: no output may take the place of an input that comes later.
      for (const input of inputs) await planner.noteInput(input)
      if (settings.events.kind === 'indices') await planner.noteInput(settings.events.file)
      const jobs = new Map<Job, JobOrigin>()
      const refused: RefusedFile[] = []
      for (const [index, input] of inputs.entries()) {
        try {
          const bare = composeJob({ ...settings, task: 'rewrite', input, output: join(dirname(input), '-') })
          const inputRoot = inputRoots.find(input)
          const folder = chooseFolder(bare, { chosen, mirror, inputRoot })
          const wanted = { ...folder, template, place: index + 1, collision }
          const job = withOutput(bare, join(wanted.folder, '-'), wanted)
          refuseTwin(job, [...jobs.keys(), ...queue.jobs.filter(isToCome).map((entry) => entry.job)])
          const placed = await this.#place(job, wanted, planner)
          const { name: nameTemplate } = draft.output
          jobs.set(placed.job, { inputRoot, wantedName: placed.wantedName, nameTemplate })
        } catch (thrown) {
          const { code, message } = toErrorData(thrown)
          refused.push({ path: input, code, message })
        }
      }
      return { ids: queue.add([...jobs.keys()], collision, jobs).map(({ id }) => id), refused }
    })
  }

  /** Throws E_REQUEST, E_USAGE, or what a replayed measurement that cannot be read says. */
  addRecording({ source, settings, output }: RecordDraft): Promise<AddedJobs> {
    const { tokens } = this.#parts
    const input = source.kind === 'replay' ? tokens.findFile(source.file) : null
    const chosen = output.folder === null ? null : tokens.findFolder(output.folder)
    const folder = chosen ?? (input === null ? null : dirname(input))
    if (folder === null)
      throw new InvalidInput('E_REQUEST', 'a simulated recording needs a folder; choose one')
    const fileSource = source.kind === 'replay' ? { ...source, file: input } : source
    return this.addOne({ ...settings, task: 'record', source: fileSource, output: join(folder, '-') }, output)
  }

  /** Adds the job that `value` makes, in the folder that its output names. Throws E_REQUEST, E_USAGE. */
  async addOne(value: unknown, output: OutputChoice): Promise<AddedJobs> {
    const { queue } = this.#parts
    const template = parseNameTemplate(output.name)
    const job = composeJob(value)
    return this.#inTurn(async () => {
      const folder = dirname(job.output)
      const planner = await this.#createPlanner(queue.jobs)
      await planner.noteInputs(job)
      const wanted = { folder, root: null, template, place: 1, collision: output.collision }
      const { wantedName, ...placed } = await this.#place(job, wanted, planner)
      const origins = new Map([[placed.job, { inputRoot: null, wantedName, nameTemplate: output.name }]])
      return { ids: queue.add([placed.job], output.collision, origins).map(({ id }) => id), refused: [] }
    })
  }

  /**
   * All jobs or none, but for those whose new name needs the measurement where that cannot be read: they stay as they are and are
   * named. Throws E_QUEUE, E_REQUEST, E_USAGE.
   */
  change(ids: readonly string[], asked: JobChange): Promise<ChangedJobs> {
    const { queue, tokens } = this.#parts
    const change = resolveChange(asked, tokens)
    const move = this.#readMove(change.output)
    return this.#inTurn(async () => {
      const entries = [...new Set(ids)].map((id) => queue.get(id))
      const changed = entries.map((entry) => ({ ...entry, job: composeJob(applyChange(entry.job, change)) }))
      const refused = await this.#listUnnamable(changed, move.template)
      const refusedIds = new Set(refused.map(({ id }) => id))
      const planner = await this.#createPlannerFor(changed.filter(({ id }) => !refusedIds.has(id)))
      const changes: QueuedChange[] = []
      for (const [index, entry] of changed.entries()) {
        const wanted = wantOutput(entry, { ...move, place: index + 1 })
        const { id, job } = entry
        if (refusedIds.has(id)) continue
        const placed = change.output === undefined ? { job } : await this.#place(job, wanted, planner)
        const typed = change.output?.name === undefined ? {} : { nameTemplate: change.output.name }
        changes.push({ id, ...placed, ...typed, collision: wanted.collision })
      }
      queue.change(changes)
      return { refused }
    })
  }

  /** Does something when every change that was asked for before is made: a name that was just typed counts for a start right after it. */
  afterChanges<Value>(work: () => Value | Promise<Value>): Promise<Value> {
    return this.#inTurn(async () => work())
  }

  /** The jobs of which the measurement cannot give what the name needs. */
  async #listUnnamable(
    entries: readonly QueuedJob[],
    template: NameTemplate | undefined,
  ): Promise<RefusedJob[]> {
    const refused: RefusedJob[] = []
    if (template === undefined) return refused
    for (const { id, job } of entries) {
      const path = inputOf(job) ?? job.output
      try {
        await this.#names.read(template, inputOf(job))
      } catch (thrown) {
        const { code, message } = toErrorData(thrown)
        refused.push({ id, path, code, message })
      }
    }
    return refused
  }

  /** What `change` would call the outputs of these jobs; nothing is changed. Throws E_QUEUE, E_REQUEST, E_USAGE; a newer call ends an older one. */
  async preview(
    ids: readonly string[],
    output: NonNullable<JobChange['output']>,
  ): Promise<readonly OutputPreview[]> {
    this.#previewNumber += 1
    const number = this.#previewNumber
    const { queue, lookup } = this.#parts
    const move = this.#readMove(output)
    const entries = [...new Set(ids)].map((id) => queue.get(id))
    const planner = await this.#createPlannerFor(entries)
    const jobs = entries.map((entry, index) => ({
      entry,
      wanted: wantOutput(entry, { ...move, place: index + 1 }),
    }))
    const isSuperseded = () => number !== this.#previewNumber
    return previewOutputs(jobs, { planner, names: this.#names, lookup, isSuperseded })
  }

  /** Runs an ended job again, with what it is to tolerate now. Its output is numbered anew where its policy says so, or where another job is to write it. */
  retry(id: string, { mayReplace, tolerate }: RetryOptions): Promise<null> {
    const { queue } = this.#parts
    return this.#inTurn(async () => {
      const { job: former, collision } = queue.get(id)
      const job = tolerate === undefined ? former : tolerateIn(former, tolerate)
      const planner = await this.#createPlanner(queue.jobs.filter((entry) => entry.id !== id))
      await planner.noteInputs(job)
      const output = await planner.choose(job.output, mayReplace ? 'replace' : collision)
      queue.retry(id, { ...job, output, overwrite: mayReplace || collision === 'replace' })
      return null
    })
  }

  async #place(job: Job, wanted: WantedOutput, planner: OutputPlanner): Promise<PlacedJob> {
    const { path, wantedName } = await placeOutput(job, wanted, { planner, names: this.#names })
    return { job: spreadLinks(withOutput(job, path, wanted)), wantedName }
  }

  #readMove({ folder, name, mirror, collision }: NonNullable<JobChange['output']> = {}): Move {
    const { tokens } = this.#parts
    const chosen = folder === undefined || folder === null ? folder : tokens.findFolder(folder)
    return { chosen, mirror, collision, template: name === undefined ? undefined : parseNameTemplate(name) }
  }

  #createPlanner(rows: readonly QueuedJob[]): Promise<OutputPlanner> {
    return OutputPlanner.create(rows, this.#parts.lookup)
  }

  /** Knows what these jobs read, and what all others read and write. */
  async #createPlannerFor(entries: readonly QueuedJob[]): Promise<OutputPlanner> {
    const planned = new Set(entries.map(({ id }) => id))
    const planner = await this.#createPlanner(this.#parts.queue.jobs.filter(({ id }) => !planned.has(id)))
    for (const { job } of entries) await planner.noteInputs(job)
    return planner
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}

interface PlacedJob {
  readonly job: Job
  readonly wantedName: string | null
}

/** What of the outputs is to change. */
interface Move {
  readonly chosen: string | null | undefined
  readonly mirror: boolean | undefined
  readonly template: NameTemplate | undefined
  readonly collision: Collision | undefined
}

function wantOutput(entry: QueuedJob, { place, ...move }: Move & { readonly place: number }): WantedOutput {
  const { job, inputRoot } = entry
  const folder = moveFolder(job, { chosen: move.chosen, mirror: move.mirror, inputRoot })
  const collision = move.collision ?? entry.collision
  return { ...folder, template: move.template ?? keepName(entry), place, collision }
}

function isToCome({ life }: QueuedJob): boolean {
  return !hasEnded(life)
}

function composeJob(value: unknown): Job {
  const parsed = jobSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.map(String).join('.') ?? ''
  throw new InvalidInput('E_REQUEST', `these settings make no job: ${place}: ${issue?.message ?? ''}`)
}

/** The same work twice in one folder is a slip of the hand. */
function refuseTwin(job: Job, others: readonly Job[]): void {
  const wanted = describeWork(job)
  if (!others.some((other) => describeWork(other) === wanted)) return
  const path = inputOf(job) ?? job.output
  throw new InvalidInput('E_QUEUE', `${path} is already in the queue with the same settings`, { path })
}

function describeWork(job: Job): string {
  return JSON.stringify({ ...job, output: dirname(job.output), overwrite: null })
}
