import { ProcessGone } from '../errors.ts'
import { advance, hasEnded, WAITING, type EndedLife, type JobEvent, type JobLife } from './job-life.ts'
import { jobSchema, type Job } from './job-schema.ts'
import type { OwnedProcess } from './process-owner.ts'
import { ToldError } from './told-error.ts'

export interface SampleOptions {
  /** Where the sample is; its folder is made. */
  readonly path: string
  readonly isThere: (path: string) => Promise<boolean>
  readonly makeFolder: () => Promise<void>
  readonly startProcess: (job: Job, onEvent: (event: JobEvent) => void) => OwnedProcess
}

const SAMPLE_FRAMES = 2000

/** Makes the simulated measurement to try things with, once, in a job process of its own. */
export class SampleMaker {
  readonly #options: SampleOptions
  #making: Promise<string> | undefined
  #process: OwnedProcess | undefined

  constructor(options: SampleOptions) {
    this.#options = options
  }

  /** Its path; it is made if it is not there. All who ask meanwhile wait for the same one. Rejects with the error of the job. */
  make(): Promise<string> {
    this.#making ??= this.#makeOne().finally(() => {
      this.#making = undefined
    })
    return this.#making
  }

  /** Ends the process that makes it, if there is one. */
  close(): void {
    this.#process?.kill()
  }

  async #makeOne(): Promise<string> {
    const { path, isThere, makeFolder } = this.#options
    if (await isThere(path)) return path
    await makeFolder()
    const end = await this.#run(composeSampleJob(path))
    if (end.state === 'done') return path
    throw new ToldError(end.error)
  }

  async #run(job: Job): Promise<EndedLife> {
    let life: JobLife = advance(WAITING, { kind: 'start' })
    this.#process = this.#options.startProcess(job, (event) => (life = advance(life, event)))
    await this.#process.gone
    this.#process = undefined
    if (hasEnded(life)) return life
    throw new ProcessGone('E_GONE', 'the process that made the sample ended without a word')
  }
}

/** It may replace what an interrupted run left: nothing else lies in its folder. */
function composeSampleJob(output: string): Job {
  return jobSchema.parse({
    task: 'record',
    output,
    source: { kind: 'simulate', frames: SAMPLE_FRAMES },
    seed: 42,
    compression: { codec: 'none' },
    overwrite: true,
  })
}
