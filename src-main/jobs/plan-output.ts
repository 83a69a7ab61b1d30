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

/** Who has a name that was wanted: another job writes it, some job reads it, or something on the disk has it. */
export type NameOwner = 'job' | 'input' | 'disk'

export interface PlacedName {
  readonly path: string
  /** Who has the name without the number; null: it has none. */
  readonly numberedFor: NameOwner | null
}

/** The last number that was given to a name; the next job that wants the name finds at least that job there. */
interface Numbered {
  readonly number: number
  readonly numberedFor: NameOwner
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
  readonly #lastNumbers = new Map<string, Numbered>()

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
    // It may not be there yet.
    this.#inputs.add(await this.#placeOf(path))
  }

  /** Nothing that is chosen from now on is a file that this job reads. */
  async noteInputs(job: Job): Promise<void> {
    for (const path of inputsOf(job)) await this.noteInput(path)
  }

  /** The wanted path, or with a number where another job has it; with `rename` also where the disk has it. Throws E_EXISTS. */
  async choose(wanted: string, collision: Collision): Promise<string> {
    return (await this.place(wanted, collision)).path
  }

  /** As `choose`, with the reason for a number. */
  async place(wanted: string, collision: Collision): Promise<PlacedName> {
    const wantedPlace = await this.#placeOf(wanted)
    const last = this.#lastNumbers.get(wantedPlace)
    let numberedFor = last?.numberedFor ?? null
    for (let number = last?.number ?? 1; number <= MAX_NUMBER; number += 1) {
      const path = number === 1 ? wanted : numberName(wanted, number)
      const owner = await this.#findOwner(path, collision)
      numberedFor ??= owner
      if (owner !== null) continue
      this.#outputs.add(await this.#placeOf(path))
      this.#lastNumbers.set(wantedPlace, { number, numberedFor: numberedFor ?? 'job' })
      return { path, numberedFor }
    }
    throw new OutputConflict('E_EXISTS', `${wanted}: no number up to ${MAX_NUMBER} is free`, { path: wanted })
  }

  /** Who has the name; null: it is free. */
  async #findOwner(path: string, collision: Collision): Promise<NameOwner | null> {
    const place = await this.#placeOf(path)
    if (this.#outputs.has(place)) return 'job'
    if (this.#inputs.has(place) || this.#inputs.has(`${place}~`)) return 'input'
    if (collision !== 'rename') return null
    const isTaken = (await this.#lookup.isTaken(path)) || (await this.#lookup.isTaken(`${path}~`))
    return isTaken ? 'disk' : null
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
      return [job.input, ...listIndexFiles(job.events), ...job.relink.flatMap(({ paths }) => paths)]
    case 'record': {
      const source = job.source.kind === 'replay' ? [job.source.file] : []
      return job.metadataFile === null ? source : [...source, job.metadataFile]
    }
    case 'basins':
      return [...job.sources.flat(), ...listIndexFiles(job.events)]
    default:
      return assertNever(job)
  }
}

function listIndexFiles(events: EventSelection): readonly string[] {
  return events.kind === 'indices' ? [events.file] : []
}

/** The list of events that a job takes; null: it takes none from a file. */
export function indexFileOf(job: Job): string | null {
  return job.task === 'record' ? null : (listIndexFiles(job.events)[0] ?? null)
}

function numberName(path: string, number: number): string {
  const extension = extname(path)
  return join(dirname(path), `${basename(path, extension)}_${number}${extension}`)
}

function foldCase(path: string): string {
  return isCaseBlind ? path.normalize('NFC').toLowerCase() : path
}
