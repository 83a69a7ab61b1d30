import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { SignalCounter } from '../../../src-main/cli/signal-steps.ts'
import type { Tasks } from '../../../src-main/cli/surroundings.ts'
import { InvalidInput } from '../../../src-main/errors.ts'
import {
  makeReport,
  makeTemporaryFolder,
  obligingTasks,
  runFake,
  type TemporaryFolder,
} from './fake-surroundings.ts'

let folder: TemporaryFolder

beforeEach(async () => {
  folder = await makeTemporaryFolder()
  for (const name of ['a.rtdc', 'b.rtdc', 'c.rtdc']) await folder.makeFile(name)
  await mkdir(join(folder.path, 'out'))
})

afterEach(() => folder.remove())

function rewrite(given: readonly string[], tasks: Partial<Tasks> = obligingTasks) {
  return runFake(['rewrite', ...given], { baseFolder: folder.path, tasks })
}

const refusingTasks: Partial<Tasks> = {
  checkRewrite: () => Promise.reject(new InvalidInput('E_MAGIC', 'not HDF5')),
}

describe('names', () => {
  it('come from the template, with what the measurement says', async () => {
    const tasks: Partial<Tasks> = {
      ...obligingTasks,
      inspectFile: (path) =>
        Promise.resolve(
          makeReport(path, {
            attributes: {
              'experiment:date': '2023-12-20',
              'experiment:run index': 4,
              'experiment:sample': '',
            },
          }),
        ),
    }
    const template = '{date}_{run}_{sample}_{id7}_{n}_{stem}_{task}'
    const run = await rewrite(['a.rtdc', 'b.rtdc', '--out-dir', 'out', '--name', template, '--json'], tasks)
    expect(run.results().map(({ output }) => basename(String(output)))).toEqual([
      '2023-12-20_4_unknown_abcdefg_1_a_rewrite.rtdc',
      '2023-12-20_4_unknown_abcdefg_2_b_rewrite.rtdc',
    ])
  })

  it('do not open the input where the template does not need it', async () => {
    const run = await rewrite(['a.rtdc', '--out-dir', 'out', '--name', '{stem}-{n}'])
    expect(run.code).toBe(0)
  })

  it('refuse an input that cannot be read for its name', async () => {
    const tasks: Partial<Tasks> = {
      ...obligingTasks,
      inspectFile: (path) => Promise.reject(new InvalidInput('E_SHORT', `${path}: empty`, { path })),
    }
    const run = await rewrite(['a.rtdc', '--out-dir', 'out', '--name', '{date}', '--json'], tasks)
    expect(run.code).toBe(2)
    expect(run.results()).toMatchObject([{ status: 'refused', output: null, error: { code: 'E_SHORT' } }])
  })

  it('do not wait for an input that never answers once a signal came', async () => {
    const signals = new SignalCounter()
    const tasks: Partial<Tasks> = {
      inspectFile: () => {
        signals.raise('SIGINT')
        return new Promise(() => undefined)
      },
    }
    const given = ['rewrite', 'a.rtdc', 'b.rtdc', '--out-dir', 'new', '--name', '{date}', '--json']
    const run = await runFake(given, { baseFolder: folder.path, tasks, signals })
    expect(run.code).toBe(130)
    expect(run.results()).toMatchObject([{ status: 'cancelled' }, { status: 'cancelled' }])
    expect(await readdir(folder.path)).not.toContain('new')
  })

  it.each([
    ['two inputs of one stem', ['a.rtdc', join('sub', 'a.rtdc'), 'b.rtdc', '--out-dir', 'out']],
    ['one input twice', ['a.rtdc', 'b.rtdc', 'a.rtdc', '--out-dir', 'out']],
    ['a template without tokens', ['a.rtdc', 'b.rtdc', 'c.rtdc', '--out-dir', 'out', '--name', 'same']],
  ])('that are the same for two inputs refuse all, and nothing runs: %s', async (_name, given) => {
    const run = await rewrite([...given, '--json', '--overwrite'], {})
    expect(run.code).toBe(2)
    const ends = run.results().map(({ status, error }) => [status, (error as { code: string }).code])
    expect(ends).toEqual([
      ['refused', 'E_EXISTS'],
      ['refused', 'E_EXISTS'],
      ['refused', 'E_EXISTS'],
    ])
  })

  it('refuse an output that is the input of another job, by any link', async () => {
    await mkdir(join(folder.path, 'in'))
    await writeFile(join(folder.path, 'in', '1.rtdc'), 'x')
    await symlink(join(folder.path, 'in', '1.rtdc'), join(folder.path, 'link.rtdc'))
    const run = await rewrite(
      ['a.rtdc', 'link.rtdc', '--out-dir', 'in', '--name', '{n}', '--overwrite', '--json'],
      {},
    )
    expect(run.code).toBe(2)
    expect(run.results()).toMatchObject([
      { status: 'refused', error: { code: 'E_SAME' } },
      { status: 'refused', error: { code: 'E_SAME' } },
    ])
  })
})

describe('--out-dir', () => {
  it('is made if its parent exists', async () => {
    const run = await rewrite(['a.rtdc', '--out-dir', 'new'])
    expect(run.code).toBe(0)
    expect(await readdir(join(folder.path, 'new'))).toEqual([])
  })

  it('is taken away again when nothing came into it', async () => {
    const run = await rewrite(['a.rtdc', '--out-dir', 'new'], refusingTasks)
    expect(run.code).toBe(2)
    expect(await readdir(folder.path)).not.toContain('new')
  })

  it('is left where somebody else has put something into it', async () => {
    const run = await rewrite(['a.rtdc', '--out-dir', 'new'], {
      checkRewrite: async () => {
        await writeFile(join(folder.path, 'new', 'note.txt'), 'mine')
        throw new InvalidInput('E_MAGIC', 'no')
      },
    })
    expect(run.code).toBe(2)
    expect(await readdir(join(folder.path, 'new'))).toEqual(['note.txt'])
  })

  it('is refused for all inputs if its parent is missing or it is a file', async () => {
    for (const place of [join('absent', 'new'), 'a.rtdc']) {
      const run = await rewrite(['b.rtdc', 'c.rtdc', '--out-dir', place, '--json'], {})
      expect(run.code).toBe(2)
      expect(run.results()).toMatchObject([
        { error: { code: 'E_OUT_FOLDER' } },
        { error: { code: 'E_OUT_FOLDER' } },
      ])
    }
  })

  it('tells a reason that all inputs share only once', async () => {
    const run = await rewrite(['b.rtdc', 'c.rtdc', '--out-dir', 'a.rtdc'], {})
    expect(run.stderr.text.match(/E_OUT_FOLDER/g)).toHaveLength(1)
  })
})
