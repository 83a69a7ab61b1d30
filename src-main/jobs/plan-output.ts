import { basename, dirname, extname, join } from 'node:path'
import { assertNever, OutputConflict } from '../errors.ts'
import { hasEnded } from './job-life.ts'
import type { EventSelection, Job } from './job-schema.ts'
import type { QueuedJob } from './queued-job.ts'
import type { Collision } from './queue-view.ts'

/** What planning asks of the disk; never rejects. */
export interface PlaceLookup {
  /** Does anything have this name, be it a link that leads nowhere? */
  readonly isTaken: (path: string) => Promise<boolean>
  /** With all links resolved; the path as it is where that cannot be told. */
  readonly resolveLinks: (path: string) => Promise<string>
}

const MAX_NUMBER = 99_999
/** Their file systems take `A.rtdc` and `a.rtdc` for one name. */
const isCaseBlind = process.platform === 'win32' || process.platform === 'darwin'

/** Chooses names of outputs so that no two jobs that are to run write one file, and none writes what a job of the queue reads. */
export class OutputPlanner {
  readonly #lookup: PlaceLookup
  readonly #outputs = new Set<string>()
  readonly #inputs = new Set<string>()
  readonly #folders = new Map<string, string>()
  readonly #lastNumbers = new Map<string, number>()

  private constructor(lookup: PlaceLookup) {
    this.#lookup = lookup
  }

  /** `rows`: the queue, without the jobs that are planned anew. */
  static async create(rows: readonly QueuedJob[], lookup: PlaceLookup): Promise<OutputPlanner> {
    const planner = new OutputPlanner(lookup)
    for (const { job, life } of rows) {
      await planner.noteInputs(job)
      if (!hasEnded(life)) planner.#outputs.add(await planner.#placeOf(job.output))
    }
    return planner
  }

  /** Nothing that is chosen from now on is this file. */
  async noteInput(path: string): Promise<void> {
    this.#inputs.add(foldCase(await this.#lookup.resolveLinks(path)))
  }

  /** Nothing that is chosen from now on is a file that this job reads. */
  async noteInputs(job: Job): Promise<void> {
    for (const path of inputsOf(job)) await this.noteInput(path)
  }

  /** The wanted path, or with a number where another job has it; with `rename` also where the disk has it. Throws E_EXISTS. */
  async choose(wanted: string, collision: Collision): Promise<string> {
    const wantedPlace = await this.#placeOf(wanted)
    for (let number = this.#lastNumbers.get(wantedPlace) ?? 1; number <= MAX_NUMBER; number += 1) {
      const path = number === 1 ? wanted : numberName(wanted, number)
      if (!(await this.#isFree(path, collision))) continue
      this.#outputs.add(await this.#placeOf(path))
      this.#lastNumbers.set(wantedPlace, number)
      return path
    }
    throw new OutputConflict('E_EXISTS', `${wanted}: no number up to ${MAX_NUMBER} is free`, { path: wanted })
  }

  async #isFree(path: string, collision: Collision): Promise<boolean> {
    const place = await this.#placeOf(path)
    if (this.#outputs.has(place) || this.#inputs.has(place) || this.#inputs.has(`${place}~`)) return false
    if (collision !== 'rename') return true
    return !(await this.#lookup.isTaken(path)) && !(await this.#lookup.isTaken(`${path}~`))
  }

  /** One spelling for one place. */
  async #placeOf(path: string): Promise<string> {
    const folder = dirname(path)
    const known = this.#folders.get(folder) ?? (await this.#lookup.resolveLinks(folder))
    this.#folders.set(folder, known)
    return foldCase(join(known, basename(path)))
  }
}

/** The measurement that a job is about; null: none, or (a basin file) no single one. */
export function inputOf(job: Job): string | null {
  switch (job.task) {
    case 'rewrite':
      return job.input
    case 'record':
      return job.source.kind === 'replay' ? job.source.file : null
    case 'basins':
      return null
    default:
      return assertNever(job)
  }
}

/** Every file that a job reads or refers to, whether it is there or not: none of them may be written to. */
export function inputsOf(job: Job): readonly string[] {
  switch (job.task) {
    case 'rewrite':
      return [job.input, ...indexFileOf(job.events), ...job.relink.flatMap(({ paths }) => paths)]
    case 'record': {
      const source = job.source.kind === 'replay' ? [job.source.file] : []
      return job.metadataFile === null ? source : [...source, job.metadataFile]
    }
    case 'basins':
      return [...job.sources.flat(), ...indexFileOf(job.events)]
    default:
      return assertNever(job)
  }
}

function indexFileOf(events: EventSelection): readonly string[] {
  return events.kind === 'indices' ? [events.file] : []
}

function numberName(path: string, number: number): string {
  const extension = extname(path)
  return join(dirname(path), `${basename(path, extension)}_${number}${extension}`)
}

function foldCase(path: string): string {
  return isCaseBlind ? path.normalize('NFC').toLowerCase() : path
}
