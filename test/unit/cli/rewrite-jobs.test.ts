import { mkdir, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { SignalCounter } from '../../../src-main/cli/signal-steps.ts'
import type { Tasks } from '../../../src-main/cli/surroundings.ts'
import { Cancelled, Hdf5Error, InvalidInput, OutputConflict, type Warning } from '../../../src-main/errors.ts'
import type { RewriteJob } from '../../../src-main/jobs/job-schema.ts'
import {
  fakeCheckedJob,
  makeOutcome,
  makeProgress,
  makeTemporaryFolder,
  obligingTasks,
  runFake,
  succeed,
  type TemporaryFolder,
} from './fake-surroundings.ts'

let folder: TemporaryFolder

beforeEach(async () => {
  folder = await makeTemporaryFolder()
  for (const name of ['a.rtdc', 'b.rtdc', 'c.rtdc']) await folder.makeFile(name)
  await mkdir(join(folder.path, 'out'))
})

afterEach(() => folder.remove())

function rewrite(
  given: readonly string[],
  tasks: Partial<Tasks> = obligingTasks,
  signals = new SignalCounter(),
) {
  return runFake(['rewrite', ...given], { baseFolder: folder.path, tasks, signals })
}

/** Tasks in which inputs of certain names go wrong. */
function makeTasks(
  refused: readonly string[],
  failed: readonly string[],
  calls: string[] = [],
): Partial<Tasks> {
  return {
    checkRewrite: (job) => {
      const name = basename(job.input)
      calls.push(`check ${name}`)
      if (refused.includes(name)) return Promise.reject(new InvalidInput('E_MAGIC', `${name}: not HDF5`))
      return Promise.resolve(
        fakeCheckedJob(job, async (context) => {
          calls.push(`run ${name}`)
          if (failed.includes(name))
            throw new Hdf5Error('E_CHUNK', `${name}: damaged`, { object: '/events/image', offset: 9 })
          return succeed(job)(context)
        }),
      )
    },
  }
}

/** The documented keys of a result line, in their order. */
const RESULT_KEYS = [
  ...['type', 'job', 'input', 'output', 'status', 'events', 'bytesRead', 'bytesWritten', 'seconds'],
  ...['verification', 'warnings', 'error'],
]
const ALL = ['a.rtdc', 'b.rtdc', 'c.rtdc']
const ALL_TO_OUT = [...ALL, '--out-dir', 'out']

describe('the exit code and the results', () => {
  it('are 0 and done when every job is done', async () => {
    const run = await rewrite([...ALL_TO_OUT, '--json'])
    expect(run.code).toBe(0)
    expect(run.results().map(({ job, status }) => [job, status])).toEqual([
      [1, 'done'],
      [2, 'done'],
      [3, 'done'],
    ])
  })

  it('are 2 and refused when all inputs are refused', async () => {
    const run = await rewrite([...ALL_TO_OUT, '--json'], makeTasks(ALL, []))
    expect(run.code).toBe(2)
    expect(run.results().map(({ status }) => status)).toEqual(['refused', 'refused', 'refused'])
  })

  it('are 1 when some are refused and others ran, and the results keep the order of the inputs', async () => {
    const calls: string[] = []
    const run = await rewrite([...ALL_TO_OUT, '--json'], makeTasks(['b.rtdc'], [], calls))
    expect(run.code).toBe(1)
    expect(run.results().map(({ job, input, status }) => [job, basename(String(input)), status])).toEqual([
      [1, 'a.rtdc', 'done'],
      [2, 'b.rtdc', 'refused'],
      [3, 'c.rtdc', 'done'],
    ])
    expect(calls).toEqual(['check a.rtdc', 'check b.rtdc', 'check c.rtdc', 'run a.rtdc', 'run c.rtdc'])
  })

  it('are 1 when one fails, and the rest runs all the same', async () => {
    const run = await rewrite([...ALL_TO_OUT, '--json'], makeTasks([], ['a.rtdc']))
    expect(run.code).toBe(1)
    expect(run.results().map(({ status }) => status)).toEqual(['failed', 'done', 'done'])
  })

  it('have every documented key, and no other', async () => {
    const run = await rewrite([...ALL_TO_OUT, '--json'], makeTasks(['b.rtdc'], ['c.rtdc']))
    for (const result of run.results()) {
      expect(Object.keys(result)).toEqual(RESULT_KEYS)
    }
    const [done, refused, failed] = run.results()
    expect(done).toMatchObject({
      events: 7,
      bytesRead: 100,
      bytesWritten: 60,
      verification: 'standard',
      error: null,
    })
    const a = join(folder.path, 'a.rtdc')
    expect(done).toMatchObject({ input: a, output: join(folder.path, 'out', 'a.rtdc'), warnings: [] })
    expect(refused?.['error']).toEqual({
      code: 'E_MAGIC',
      message: 'b.rtdc: not HDF5',
      path: join(folder.path, 'b.rtdc'),
    })
    expect(failed?.['error']).toMatchObject({ code: 'E_CHUNK', object: '/events/image', offset: 9 })
    expect(failed).toMatchObject({ events: 0, verification: null })
  })

  it('call a mistake of Weir itself failed, not refused', async () => {
    const run = await rewrite(['a.rtdc', '--out', 'o.rtdc', '--json'], {
      checkRewrite: () => Promise.reject(new TypeError('undefined is not a function')),
    })
    expect(run.code).toBe(1)
    expect(run.results()).toMatchObject([{ status: 'failed', error: { code: 'E_INTERNAL' } }])
  })
})

describe('for people', () => {
  it('one line for each output goes to standard output, messages to standard error', async () => {
    const run = await rewrite(ALL_TO_OUT, makeTasks(['b.rtdc'], ['c.rtdc']))
    expect(run.stdout.text).toBe(`${join(folder.path, 'out', 'a.rtdc')}: 7 events, 60 bytes, verified\n`)
    expect(run.stderr.lines).toEqual([
      'weir: error: b.rtdc: not HDF5 (E_MAGIC)',
      'weir: error: c.rtdc: damaged (E_CHUNK)',
      'weir: 3 jobs: 1 done, 1 failed, 1 refused',
    ])
  })

  it('the line says how many features were copied as stored, and the JSON has no key for it', async () => {
    const tasks: Partial<Tasks> = {
      checkRewrite: (job) => {
        const outcome = makeOutcome(job.output, { features: 14, featuresAsStored: 12 })
        return Promise.resolve(fakeCheckedJob(job, () => Promise.resolve(outcome)))
      },
    }
    const text = await rewrite(['a.rtdc', '--out', 'o.rtdc'], tasks)
    expect(text.stdout.text).toBe(
      `${join(folder.path, 'o.rtdc')}: 7 events, 60 bytes, verified, 12 of 14 features copied as stored\n`,
    )
    const json = await rewrite(['a.rtdc', '--out', 'o.rtdc', '--json'], tasks)
    expect(Object.keys(json.results()[0] ?? {})).toEqual(RESULT_KEYS)
  })

  it('progress is shown on a terminal only, in one line that is taken away again', async () => {
    const tasks: Partial<Tasks> = {
      checkRewrite: (job) =>
        Promise.resolve(
          fakeCheckedJob(
            job,
            succeed(job, (context) => context.reportProgress(makeProgress())),
          ),
        ),
    }
    const given = ['rewrite', 'a.rtdc', '--out', 'o.rtdc']
    const silent = await runFake(given, { baseFolder: folder.path, tasks })
    expect(silent.stderr.text).toBe('')
    const shown = await runFake(given, { baseFolder: folder.path, tasks, columns: () => 40 })
    expect(shown.stderr.text).toMatch(
      /^\ra\.rtdc {2}copy 28 % {2}queue 3 \(3\.0 kB\) {2}[^\n]*\u001b\[K\r\u001b\[K$/,
    )
    const [line = ''] = shown.stderr.text.slice(1).split('\u001b[K')
    expect(line).toHaveLength(39)
  })
})

describe('warnings', () => {
  const warning: Warning = { code: 'W_COUNT', message: 'a.rtdc: 5 of 7', path: 'a.rtdc', object: '/' }
  const other: Warning = { code: 'W_LOG', message: 'empty log', path: 'a.rtdc' }

  function makeWarningTasks(): Partial<Tasks> {
    return {
      checkRewrite: (job, context) => {
        context.reportWarning(warning)
        const run = succeed(job, (running) => running.reportWarning(other))
        return Promise.resolve({ ...fakeCheckedJob(job, run), warnings: [warning] })
      },
    }
  }

  it('are told once, and again all together in the result', async () => {
    const run = await rewrite(['a.rtdc', '--out', 'o.rtdc', '--json'], makeWarningTasks())
    const inLine = { type: 'warning', job: 1 }
    const data = [{ ...warning }, { ...other, object: null }]
    expect(run.json().filter(({ type }) => type === 'warning')).toEqual(
      data.map((entry) => ({ ...inLine, ...entry })),
    )
    expect(run.results()).toMatchObject([{ warnings: data }])
  })

  it('tell that all outputs together may not find room', async () => {
    const tasks: Partial<Tasks> = {
      checkRewrite: (job) =>
        Promise.resolve({ ...fakeCheckedJob(job), estimatedBytes: Number.MAX_SAFE_INTEGER }),
    }
    const run = await rewrite(['a.rtdc', 'b.rtdc', '--out-dir', 'out', '--json'], tasks)
    expect(run.results()).toMatchObject([{ warnings: [] }, { warnings: [{ code: 'W_SPACE' }] }])
  })

  it('go to standard error for people', async () => {
    const run = await rewrite(['a.rtdc', '--out', 'o.rtdc'], makeWarningTasks())
    expect(run.stderr.lines).toEqual([
      'weir: warning: a.rtdc: 5 of 7 (W_COUNT)',
      'weir: warning: a.rtdc: empty log (W_LOG)',
    ])
  })
})

describe('--dry-run', () => {
  it('checks, says what would be written, and runs nothing', async () => {
    const tasks: Partial<Tasks> = {
      checkRewrite: (job) =>
        Promise.resolve(fakeCheckedJob(job, () => Promise.reject(new Error('must not run')))),
    }
    const run = await rewrite(['a.rtdc', '--out-dir', 'new', '--dry-run', '--json'], tasks)
    expect(run.code).toBe(0)
    const [result] = run.results()
    expect(result).toMatchObject({ status: 'done', events: 7, bytesWritten: 0, verification: null })
    expect(result).toMatchObject({ dryRun: true, estimatedBytes: 4_200_000 })
    expect(result?.['freeBytes']).toBeGreaterThan(0)
    expect(await readdir(folder.path)).not.toContain('new')
    const text = await rewrite(['a.rtdc', '--out', 'o.rtdc', '--dry-run'], tasks)
    expect(text.stdout.text).toMatch(/o\.rtdc: would be written, 7 events, about 4\.2 MB \(.* free\)\n$/)
  })

  it('refuses what could not run', async () => {
    const tasks: Partial<Tasks> = {
      checkRewrite: () => Promise.reject(new OutputConflict('E_EXISTS', 'exists')),
    }
    expect((await rewrite(['a.rtdc', '--out', 'o.rtdc', '--dry-run'], tasks)).code).toBe(2)
  })
})

describe('a signal', () => {
  /** Tasks that raise a signal at an instant of the second input, and obey it. */
  function raiseAt(instant: 'check' | 'run' | 'end', signals: SignalCounter): Partial<Tasks> {
    const raise = (job: RewriteJob, at: typeof instant) => {
      if (at === instant && basename(job.input) === 'b.rtdc') signals.raise('SIGINT')
    }
    return {
      checkRewrite: (job, { signal }) => {
        raise(job, 'check')
        if (signal.aborted) return Promise.reject(new Cancelled())
        return Promise.resolve(
          fakeCheckedJob(job, (context) => {
            raise(job, 'run')
            if (context.signal.aborted) return Promise.reject(new Cancelled())
            raise(job, 'end')
            return Promise.resolve(makeOutcome(job.output))
          }),
        )
      },
    }
  }

  it.each([
    ['check', ['cancelled', 'cancelled', 'cancelled']],
    ['run', ['done', 'cancelled', 'cancelled']],
    // What is already renamed stays done.
    ['end', ['done', 'done', 'cancelled']],
  ] as const)('during %s cancels what is not done, with exit 130', async (instant, statuses) => {
    const signals = new SignalCounter()
    const run = await rewrite([...ALL_TO_OUT, '--json'], raiseAt(instant, signals), signals)
    expect(run.code).toBe(130)
    expect(run.results().map(({ status }) => status)).toEqual(statuses)
    const cancelled = run.results().filter(({ status }) => status === 'cancelled')
    for (const result of cancelled) expect(result['error']).toMatchObject({ code: 'E_CANCELLED' })
  })

  it('before anything cancels all', async () => {
    const signals = new SignalCounter()
    signals.raise('SIGTERM')
    const run = await rewrite(['a.rtdc', '--out', 'o.rtdc', '--json'], {}, signals)
    expect(run.code).toBe(130)
    expect(run.results()).toMatchObject([{ status: 'cancelled' }])
  })

  it('that comes when the last job is done changes nothing', async () => {
    const signals = new SignalCounter()
    const run = await rewrite(['b.rtdc', '--out-dir', 'out'], raiseAt('end', signals), signals)
    expect(run.code).toBe(0)
  })

  it('is told once for many jobs', async () => {
    const signals = new SignalCounter()
    const run = await rewrite(ALL_TO_OUT, raiseAt('run', signals), signals)
    expect(run.stderr.lines).toEqual([
      `weir: error: ${join(folder.path, 'b.rtdc')}: cancelled (E_CANCELLED)`,
      'weir: 3 jobs: 1 done, 2 cancelled',
    ])
  })

  it('turns an abort that a library threw into a cancellation, but no other error', async () => {
    for (const [error, status] of [
      [new DOMException('This operation was aborted', 'AbortError'), 'cancelled'],
      [new Hdf5Error('E_IO', 'disk gone'), 'failed'],
    ] as const) {
      const signals = new SignalCounter()
      const tasks: Partial<Tasks> = {
        checkRewrite: (job) =>
          Promise.resolve(
            fakeCheckedJob(job, () => {
              signals.raise('SIGINT')
              return Promise.reject(error)
            }),
          ),
      }
      const run = await rewrite(['a.rtdc', '--out', 'o.rtdc', '--json'], tasks, signals)
      expect(run.results()).toMatchObject([{ status }])
    }
  })
})
