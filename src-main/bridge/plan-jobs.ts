import { basename, dirname, join } from 'node:path'
import { InvalidInput, toErrorData } from '../errors.ts'
import type { FileView } from '../jobs/file-view.ts'
import type {
  AddedJobs,
  JobChange,
  OutputChoice,
  RecordDraft,
  RefusedFile,
  RewriteDraft,
} from '../jobs/job-draft.ts'
import { hasEnded } from '../jobs/job-life.ts'
import type { JobQueue, QueuedChange } from '../jobs/job-queue.ts'
import { jobSchema, type Job } from '../jobs/job-schema.ts'
import { spreadLinks } from '../jobs/link-paths.ts'
import { buildOutputName, parseNameTemplate, stemOf, type NameTemplate } from '../jobs/name-template.ts'
import { inputOf, OutputPlanner, type PlaceLookup } from '../jobs/plan-output.ts'
import type { QueuedJob } from '../jobs/queued-job.ts'
import { applyChange } from './apply-change.ts'
import type { FileTokens } from './file-tokens.ts'
import { readNameValues } from './name-values.ts'

export interface PlanParts {
  readonly queue: JobQueue
  readonly tokens: FileTokens
  readonly lookup: PlaceLookup
  /** For names that are made of what the measurement says. */
  readonly describe: (path: string) => Promise<FileView>
}

/** Where an output is to go, as far as the page says. */
interface WantedOutput {
  readonly folder: string
  readonly template: NameTemplate
  /** For `{n}`. */
  readonly place: number
}

/** Makes jobs of what the page asks for, one request after another: each sees the names that the one before has taken. */
export class JobPlans {
  readonly #parts: PlanParts
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: PlanParts) {
    this.#parts = parts
  }

  /** One job an input; an input that gets none is named with the reason. Throws E_REQUEST, E_USAGE. */
  addRewrites(draft: RewriteDraft): Promise<AddedJobs> {
    const { tokens, queue } = this.#parts
    const { settings, output } = draft
    const inputs = draft.inputs.map((token) => tokens.findFile(token))
    const folder = output.folder === null ? null : tokens.findFolder(output.folder)
    const template = parseNameTemplate(output.name)
    return this.#inTurn(async () => {
      const planner = await this.#createPlanner(queue.jobs)
      const jobs: Job[] = []
      const refused: RefusedFile[] = []
      for (const [index, input] of inputs.entries()) {
        try {
          const wanted = { folder: folder ?? dirname(input), template, place: index + 1 }
          const job = composeJob({ ...settings, task: 'rewrite', input, output: join(wanted.folder, '-') })
          refuseTwin(job, [...jobs, ...queue.jobs.filter(isToCome).map((entry) => entry.job)])
          await planner.noteInput(input)
          jobs.push(await this.#place(job, { planner, wanted, output }))
        } catch (thrown) {
          const { code, message } = toErrorData(thrown)
          refused.push({ path: input, code, message })
        }
      }
      return { ids: queue.add(jobs, output.collision).map(({ id }) => id), refused }
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
      const placed = await this.#place(job, { planner, wanted: { folder, template, place: 1 }, output })
      return { ids: queue.add([placed], output.collision).map(({ id }) => id), refused: [] }
    })
  }

  /** All jobs or none. Throws E_QUEUE, E_REQUEST, E_USAGE. */
  change(ids: readonly string[], change: JobChange): Promise<null> {
    const { tokens, queue } = this.#parts
    const { folder, name } = change.output ?? {}
    const chosen = folder === undefined || folder === null ? folder : tokens.findFolder(folder)
    const template = name === undefined ? undefined : parseNameTemplate(name)
    return this.#inTurn(async () => {
      const entries = [...new Set(ids)].map((id) => queue.get(id))
      const others = queue.jobs.filter(({ id }) => !ids.includes(id))
      const planner = await this.#createPlanner(others)
      const changes: QueuedChange[] = []
      for (const [index, entry] of entries.entries()) {
        const collision = change.output?.collision ?? entry.collision
        const job = composeJob(applyChange(entry.job, change))
        const wanted = { ...keepPlace(job, chosen), template: template ?? keepName(job), place: index + 1 }
        await planner.noteInputs(job)
        const isMoved = change.output !== undefined
        const placed = isMoved ? await this.#place(job, { planner, wanted, output: { collision } }) : job
        changes.push({ id: entry.id, job: placed, collision })
      }
      queue.change(changes)
      return null
    })
  }

  /** Runs an ended job again. Its output is numbered anew where its policy says so, or where another job is to write it. */
  retry(id: string, mayReplace: boolean): Promise<null> {
    const { queue } = this.#parts
    return this.#inTurn(async () => {
      const { job, collision } = queue.get(id)
      const planner = await this.#createPlanner(queue.jobs.filter((entry) => entry.id !== id))
      await planner.noteInputs(job)
      const output = await planner.choose(job.output, mayReplace ? 'replace' : collision)
      queue.retry(id, { ...job, output, overwrite: mayReplace || collision === 'replace' })
      return null
    })
  }

  async #place(job: Job, { planner, wanted, output }: Placing): Promise<Job> {
    const input = inputOf(job)
    const known = {
      stem: nameStem(job),
      task: job.task,
      n: String(wanted.place),
    }
    const read = await readNameValues(wanted.template, input, this.#parts.describe)
    const name = buildOutputName(wanted.template, { ...known, ...read })
    const path = await planner.choose(join(wanted.folder, name), output.collision)
    return spreadLinks({ ...job, output: path, overwrite: output.collision === 'replace' })
  }

  #createPlanner(rows: readonly QueuedJob[]): Promise<OutputPlanner> {
    return OutputPlanner.create(rows, this.#parts.lookup)
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}

interface Placing {
  readonly planner: OutputPlanner
  readonly wanted: WantedOutput
  readonly output: Pick<OutputChoice, 'collision'>
}

/** Of a basin file: the first file that it refers to. */
function nameStem(job: Job): string {
  const named = job.task === 'basins' ? job.sources[0]?.[0] : inputOf(job)
  return typeof named === 'string' ? stemOf(named) : 'simulated'
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

function keepPlace(job: Job, chosen: string | null | undefined): { readonly folder: string } {
  const besideInput = dirname(inputOf(job) ?? job.output)
  return { folder: chosen === undefined ? dirname(job.output) : (chosen ?? besideInput) }
}

/** The name as it is, braces and all. */
function keepName(job: Job): NameTemplate {
  return { parts: [basename(job.output)] }
}
