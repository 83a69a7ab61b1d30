import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { SignalCounter } from '../../../src-main/cli/signal-steps.ts'
import type { Tasks } from '../../../src-main/cli/surroundings.ts'
import { Cancelled } from '../../../src-main/errors.ts'
import type { RecordContext } from '../../../src-main/job-process/job-context.ts'
import {
  fakeCheckedJob,
  makeOutcome,
  makeTemporaryFolder,
  obligingTasks,
  runFake,
  type TemporaryFolder,
} from './fake-surroundings.ts'

let folder: TemporaryFolder

beforeEach(async () => {
  folder = await makeTemporaryFolder()
})

afterEach(() => folder.remove())

const RECORD = ['record', '--out', 'o.rtdc', '--simulate', '100']

/** A recording that reports which of its two signals had been raised when it was checked and when it ran. */
function observeSignals(seen: string[], during?: () => void): Partial<Tasks> {
  const note = ({ signal, stopSignal }: RecordContext) => {
    seen.push(`stop ${stopSignal.aborted}, abort ${signal.aborted}`)
  }
  return {
    ...obligingTasks,
    checkRecord: (job, context) => {
      note(context)
      return Promise.resolve(
        fakeCheckedJob(job, () => {
          during?.()
          note(context)
          if (context.signal.aborted) {
            const kept = `${job.output}~`
            return Promise.reject(new Cancelled({ path: kept, actual: 42 }))
          }
          return Promise.resolve(makeOutcome(job.output))
        }),
      )
    },
  }
}

describe('a recording', () => {
  it('stops at the first signal and is done', async () => {
    const signals = new SignalCounter()
    const seen: string[] = []
    const tasks = observeSignals(seen, () => signals.raise('SIGINT'))
    const run = await runFake(RECORD, { baseFolder: folder.path, tasks, signals })
    expect(run.code).toBe(0)
    expect(seen).toEqual(['stop false, abort false', 'stop true, abort false'])
  })

  it('is run also if the first signal came before its start: then it stops at once', async () => {
    const signals = new SignalCounter()
    signals.raise('SIGTERM')
    const seen: string[] = []
    const run = await runFake(RECORD, { baseFolder: folder.path, tasks: observeSignals(seen), signals })
    expect(run.code).toBe(0)
    expect(seen).toEqual(['stop true, abort false', 'stop true, abort false'])
  })

  it('aborts at the second signal, says what it kept and where, exit 130', async () => {
    for (const json of [[], ['--json']]) {
      const signals = new SignalCounter()
      const raiseTwice = () => {
        signals.raise('SIGINT')
        signals.raise('SIGTERM')
      }
      const tasks = observeSignals([], raiseTwice)
      const run = await runFake([...RECORD, ...json], { baseFolder: folder.path, tasks, signals })
      expect(run.code).toBe(130)
      const kept = `${folder.path}/o.rtdc~`
      if (json.length === 0) expect(run.stdout.text).toBe(`${kept}: 42 events kept, recording aborted\n`)
      else
        expect(run.results()).toMatchObject([
          { status: 'cancelled', events: 42, input: null, error: { path: kept } },
        ])
    }
  })

  it('is not begun after two signals', async () => {
    const signals = new SignalCounter()
    signals.raise('SIGINT')
    signals.raise('SIGTERM')
    const run = await runFake(RECORD, { baseFolder: folder.path, signals })
    expect(run.code).toBe(130)
  })

  it('that is one of several jobs is not begun after the first signal', async () => {
    const first = { task: 'record', output: 'a.rtdc', source: { kind: 'simulate', frames: 5 } }
    const jobs = [first, { ...first, output: 'b.rtdc' }]
    await folder.makeFile('jobs.json', JSON.stringify(jobs))
    const signals = new SignalCounter()
    const tasks = observeSignals([], () => signals.raise('SIGINT'))
    const run = await runFake(['run', 'jobs.json', '--json'], { baseFolder: folder.path, tasks, signals })
    expect(run.code).toBe(130)
    expect(run.results()).toMatchObject([{ status: 'done' }, { status: 'cancelled' }])
  })
})
