import { OutputConflict, type WeirError } from '../errors.ts'
import type { DiskPort } from '../hdf5/disk/disk-port.ts'
import { placeOf } from '../hdf5/disk/place-of.ts'
import type { Job } from '../jobs/job-schema.ts'
import { inputsOf } from '../jobs/plan-output.ts'
import { askQuietly } from './ask-quietly.ts'
import { pathsOf, type PlannedJob } from './planned-job.ts'

/**
 * Jobs that would get in each other's way: two with one output (E_EXISTS), one that writes what another reads (E_SAME). Then none
 * of them may run, and all come back refused; else they come back as they are. `jobFiles`: where the jobs themselves were read from.
 */
export async function refuseCollisions(
  planned: readonly PlannedJob[],
  disk: DiskPort,
  jobFiles: readonly string[] = [],
): Promise<readonly PlannedJob[]> {
  const jobs = planned.flatMap((entry) => (entry.kind === 'job' ? [entry.job] : []))
  const error = (await findSharedOutput(jobs, disk)) ?? (await findOverwrittenInput(jobs, jobFiles, disk))
  if (error === undefined) return planned
  return planned.map((entry) =>
    entry.kind === 'job' ? { kind: 'refused', ...pathsOf(entry), error } : entry,
  )
}

async function findSharedOutput(jobs: readonly Job[], disk: DiskPort): Promise<WeirError | undefined> {
  const owners = new Map<string, Job>()
  for (const job of jobs) {
    const names = await listWrittenNames(job.output, disk)
    const other = names.map((name) => owners.get(name)).find((owner) => owner !== undefined)
    if (other !== undefined) return describeShared(other, job)
    for (const name of names) owners.set(name, job)
  }
  return undefined
}

/** The output and its temporary name, spelt so that one place has one spelling. */
async function listWrittenNames(output: string, disk: DiskPort): Promise<readonly string[]> {
  const name = await placeOf(output, disk)
  return [name, `${name}~`]
}

function describeShared(first: Job, second: Job): WeirError {
  const inputs = [first, second].map(nameWork)
  const advice = 'nothing was started; give them different names, as with --name {n}_{stem}'
  const message = `${inputs.join(' and ')} would both be written to ${second.output}; ${advice}`
  return new OutputConflict('E_EXISTS', message, { path: second.output })
}

function nameWork(job: Job): string {
  return pathsOf({ kind: 'job', job }).input ?? (job.task === 'basins' ? 'a basin file' : 'a recording')
}

async function findOverwrittenInput(
  jobs: readonly Job[],
  jobFiles: readonly string[],
  disk: DiskPort,
): Promise<WeirError | undefined> {
  const ownReads = jobFiles.map((path) => ({ owner: undefined, path }))
  const reads = jobs.flatMap((owner) => inputsOf(owner).map((path) => ({ owner, path })))
  return findOverwritten(
    jobs.map((owner) => ({ owner, output: owner.output })),
    [...ownReads, ...reads],
    disk,
  )
}

/** A file that a job reads; `owner` undefined: all of them were read from it. */
export interface ReadPath<T> {
  readonly owner: T | undefined
  readonly path: string
}

export interface WrittenPath<T> {
  readonly owner: T
  readonly output: string
}

/**
 * The first output that is, by any path or link, what another job reads or refers to, whether it is there yet or not; E_SAME. A job's own
 * inputs are refused by its own check.
 */
export async function findOverwritten<T>(
  outputs: readonly WrittenPath<T>[],
  reads: readonly ReadPath<T>[],
  disk: DiskPort,
): Promise<WeirError | undefined> {
  const readers = new Map<string, ReadPath<T>[]>()
  for (const read of reads) {
    for (const key of await listKeys(read.path, disk)) readers.set(key, [...(readers.get(key) ?? []), read])
  }
  for (const { owner, output } of outputs) {
    for (const target of [output, `${output}~`]) {
      const others = (await listKeys(target, disk)).flatMap((key) => readers.get(key) ?? [])
      const reader = others.find((read) => read.owner !== owner)
      if (reader !== undefined) return describeOverwritten(target, reader)
    }
  }
  return undefined
}

/** What two paths of one file have in common: the file where there is one, else the place. */
async function listKeys(path: string, disk: DiskPort): Promise<readonly string[]> {
  const facts = await askQuietly(disk.follow(path))
  return [...(facts === undefined ? [] : [`file ${facts.identity}`]), `place ${await placeOf(path, disk)}`]
}

function describeOverwritten(target: string, { owner, path }: ReadPath<unknown>): WeirError {
  const what = owner === undefined ? 'holds the jobs themselves' : 'is read by another'
  const message = `${target} would be overwritten by one job, but ${path} ${what}; nothing was started. Choose another output`
  return new OutputConflict('E_SAME', message, { path: target })
}
