import { describe, expect, it } from 'vitest'

import { SignalCounter } from '../../../src-main/cli/signal-steps.ts'
import type { Tasks } from '../../../src-main/cli/surroundings.ts'
import { Cancelled, Hdf5Error, InvalidInput } from '../../../src-main/errors.ts'
import type { Finding } from '../../../src-main/read/finding.ts'
import { makeReport, runFake } from './fake-surroundings.ts'

const HINT: Finding = {
  level: 'hint',
  code: 'H_COMPRESSION',
  message: 'not compressed',
  object: '/events/image',
}
const ALERT: Finding = { level: 'alert', code: 'A_TYPE', message: 'text with \u001b[2J in it', object: null }
const VIOLATION: Finding = { level: 'violation', code: 'V_MISSING', message: 'no date', object: '/' }
const DAMAGE: Finding = {
  level: 'damage',
  code: 'E_CHUNK',
  message: 'bad sum',
  object: '/events/mask',
  offset: 4096,
}

function verifyAs(findings: Readonly<Record<string, readonly Finding[] | Error>>): Partial<Tasks> {
  return {
    verifyFile: (path) => {
      const found = findings[path] ?? []
      if (found instanceof Error) return Promise.reject(found)
      return Promise.resolve({ path, events: 7, bytesRead: 1000, findings: found })
    },
  }
}

function verify(
  findings: Readonly<Record<string, readonly Finding[] | Error>>,
  ...options: readonly string[]
) {
  return runFake(['verify', ...Object.keys(findings), ...options], {
    baseFolder: '/',
    tasks: verifyAs(findings),
  })
}

describe('weir verify', () => {
  it('ends with 0 for files with nothing worse than an alert', async () => {
    const run = await verify({ '/a': [], '/b': [ALERT, HINT] }, '--json')
    expect(run.code).toBe(0)
    expect(run.results()).toMatchObject([
      { status: 'done', input: '/a', output: null, events: 7, bytesRead: 1000, findings: [], error: null },
      { status: 'done', findings: [ALERT, HINT], verification: null },
    ])
  })

  it('ends with 1 for damage and for a violation, and names the worst as error', async () => {
    const run = await verify({ '/a': [HINT, VIOLATION, DAMAGE], '/b': [VIOLATION], '/c': [] }, '--json')
    expect(run.code).toBe(1)
    expect(run.results()).toMatchObject([
      {
        status: 'failed',
        error: { code: 'E_CHUNK', message: 'bad sum', path: '/a', object: '/events/mask', offset: 4096 },
      },
      { status: 'failed', error: { code: 'V_MISSING', path: '/b' } },
      { status: 'done' },
    ])
  })

  it('ends with 2 if no input is a measurement, 1 if some are', async () => {
    const magic = new InvalidInput('E_MAGIC', '/b: looks like a picture', { path: '/b' })
    expect((await verify({ '/b': magic })).code).toBe(2)
    const run = await verify({ '/a': [], '/b': magic }, '--json')
    expect(run.code).toBe(1)
    expect(run.results()).toMatchObject([
      { status: 'done' },
      { status: 'refused', findings: [], events: null },
    ])
  })

  it('takes a cut or unreadable HDF5 file for damaged, not for refused', async () => {
    const run = await verify({ '/a': new Hdf5Error('E_TRUNC', '/a: cut', { path: '/a' }) }, '--json')
    expect(run.code).toBe(1)
    expect(run.results()).toMatchObject([{ status: 'failed', error: { code: 'E_TRUNC' } }])
  })

  it('prints one line a file and a line a finding, safe for a terminal', async () => {
    const run = await verify({ '/a': [DAMAGE, ALERT], '/b': [] })
    expect(run.stdout.lines).toEqual([
      '/a: NOT good, 7 events, 2 findings',
      '  damage: /events/mask: bad sum (E_CHUNK)',
      '  alert: text with \\u001b[2J in it (A_TYPE)',
      '/b: good, 7 events',
    ])
    expect(run.stderr.lines).toEqual(['weir: 2 jobs: 1 done, 1 failed'])
  })

  it('is cancelled by a signal', async () => {
    const signals = new SignalCounter()
    const tasks: Partial<Tasks> = {
      verifyFile: (_path, { signal }) => {
        signals.raise('SIGINT')
        return Promise.reject(signal.aborted ? new Cancelled() : new Error('not cancelled'))
      },
    }
    const run = await runFake(['verify', 'a', 'b', '--json'], { tasks, signals })
    expect(run.code).toBe(130)
    expect(run.results()).toMatchObject([{ status: 'cancelled' }, { status: 'cancelled' }])
  })
})

describe('weir inspect', () => {
  const report = makeReport('/a\n.rtdc', {
    attributes: {
      'experiment:sample': 'x\u001b[31m',
      'imaging:pixel size': 0.34,
      'user:long': 'y'.repeat(500),
    },
    features: [
      {
        name: 'image',
        shape: [7, 80, 250],
        dtype: '|u1',
        chunks: [7, 80, 250],
        filters: [
          { id: 32015, name: 'zstd', values: [5] },
          { id: 3, name: 'fletcher32', values: [] },
        ],
        storedBytes: 140_000,
      },
      { name: 'trace', shape: [0], dtype: null, chunks: null, filters: [], storedBytes: 0 },
    ],
    logs: [{ name: 'cfg', lineCount: 12 }],
    tables: [{ name: 'table', shape: [3], columns: ['a', 'b'] }],
    otherGroups: ['extra'],
    warnings: [{ code: 'W_EXT', message: 'a link', path: '/a', object: '/x' }],
  })
  const tasks: Partial<Tasks> = { inspectFile: () => Promise.resolve(report) }

  it('prints the report as one line of JSON', async () => {
    const run = await runFake(['inspect', '/a', '--json'], { tasks })
    expect(run.code).toBe(0)
    expect(run.stdout.lines).toHaveLength(1)
    expect(run.json()).toEqual([report])
    expect(run.stderr.text).toBe('')
  })

  it('prints a report for people, and warnings on standard error', async () => {
    const run = await runFake(['inspect', '/a'], { tasks })
    expect(run.code).toBe(0)
    expect(run.stderr.lines).toEqual(['weir: warning: a link (W_EXT)'])
    expect(run.stdout.text).not.toContain('\u001b')
    expect(run.stdout.text).not.toContain('y'.repeat(200))
    const lines = run.stdout.text.split('\n')
    expect(lines).toContain('/a\\n.rtdc')
    expect(lines).toContain('  events      7')
    expect(lines).toContain('Features (2)')
    expect(lines).toContain('  image  7 x 80 x 250  |u1    7 x 80 x 250  zstd 5, fletcher32  140 kB')
    expect(lines).toContain('  trace  0             group  -             -                   0 bytes')
    expect(lines).toContain('  cfg  12 lines')
    expect(lines).toContain('  table  3  a, b')
    expect(lines).toContain('  extra')
  })

  it('says how images are shuffled, and what zstd was asked for where the file tells it', async () => {
    const [image, trace] = report.features
    const shuffle = {
      id: 2,
      name: 'shuffle',
      values: [20_000],
      elementBytes: 20_000,
      isByFrame: true,
    } as const
    const filters = [shuffle, ...image!.filters]
    const plan = { order: 'frame', zstd: 'level 1, windowLog 11' } as const
    const features = [{ ...image!, filters, plan }, trace!]
    const planned = { ...report, features }
    const run = await runFake(['inspect', '/a'], { tasks: { inspectFile: () => Promise.resolve(planned) } })
    const lines = run.stdout.text.split('\n')
    const filterText = 'shuffle by frame (20000-byte elements), zstd 5, fletcher32'
    expect(lines).toContain(
      `  name   shape         type   chunks        ${'filters'.padEnd(filterText.length)}  stored   encoder`,
    )
    expect(lines).toContain(
      `  image  7 x 80 x 250  |u1    7 x 80 x 250  ${filterText}  140 kB   level 1, windowLog 11`,
    )
    expect(lines).toContain(
      `  trace  0             group  -             ${'-'.padEnd(filterText.length)}  0 bytes  -`,
    )
    const json = await runFake(['inspect', '/a', '--json'], {
      tasks: { inspectFile: () => Promise.resolve(planned) },
    })
    const [told] = json.json() as unknown as {
      features: { filters: { name: string; encoder?: string; order?: string }[] }[]
    }[]
    const [first] = told!.features
    expect(Object.keys(first!)).toEqual(['name', 'shape', 'dtype', 'chunks', 'filters', 'storedBytes'])
    expect(first!.filters.map(({ name, encoder, order }) => [name, encoder, order])).toEqual([
      ['shuffle', undefined, undefined],
      ['zstd', 'level 1, windowLog 11', 'frame'],
      ['fletcher32', undefined, undefined],
    ])
  })

  it('refuses what cannot be read with 2, and a result line in place of the report', async () => {
    const failing: Partial<Tasks> = {
      inspectFile: () => Promise.reject(new InvalidInput('E_KIND', '/a: not a regular file', { path: '/a' })),
    }
    const run = await runFake(['inspect', '/a', '--json'], { tasks: failing })
    expect(run.code).toBe(2)
    expect(run.json()).toMatchObject([
      { type: 'result', status: 'refused', input: '/a', error: { code: 'E_KIND' } },
    ])
    const text = await runFake(['inspect', '/a'], { tasks: failing })
    expect(text.stderr.text).toBe('weir: error: /a: not a regular file (E_KIND)\n')
  })

  it('is left at a signal, also if the file never answers', async () => {
    const signals = new SignalCounter()
    const hanging: Partial<Tasks> = {
      inspectFile: () => {
        signals.raise('SIGINT')
        return new Promise(() => undefined)
      },
    }
    expect((await runFake(['inspect', '/a'], { tasks: hanging, signals })).code).toBe(130)
  })
})
