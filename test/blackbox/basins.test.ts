import { copyFile, link, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'

import { listEnds, listResults, parseLines, recordSample, runWeir, startWeir } from './run-weir.ts'
import { withSample } from './with-sample.ts'

const it = withSample(20)

interface Inspected {
  readonly events: number
  readonly identifier: string
  readonly features: readonly { readonly name: string }[]
  readonly basins: readonly {
    readonly paths: readonly string[]
    readonly found: string | null
    readonly mapping: string
    readonly features: readonly string[]
  }[]
  readonly logs: readonly { readonly name: string }[]
}

async function inspect(path: string): Promise<Inspected> {
  return parseLines(await runWeir(['inspect', path, '--json']))[0] as unknown as Inspected
}

describe('weir basins', () => {
  it('makes a small verified file that refers to another, and says so in documented lines', async ({
    sample,
    folder,
  }) => {
    const output = join(folder, 'out.rtdc')
    const { events } = await inspect(sample)
    const end = await runWeir(['basins', '--out', output, '--basin', sample, '--json'])
    expect(end).toMatchObject({ code: 0, stderr: '' })
    const lines = parseLines(end)
    expect(new Set(lines.map(({ type }) => type))).toEqual(new Set(['progress', 'result']))
    const phases = lines.filter(({ type }) => type === 'progress').map(({ phase }) => phase)
    expect([...new Set(phases)].at(-1)).toBe('commit')
    const [result] = listResults(end)
    expect(result).toMatchObject({ job: 1, input: null, output, status: 'done', events })
    expect(result).toMatchObject({ verification: 'standard', warnings: [], error: null })
    const report = await inspect(output)
    expect(report).toMatchObject({ events, features: [] })
    expect(report.basins).toMatchObject([{ found: sample, mapping: 'same' }])
    expect(report.basins[0]?.features).toEqual(expect.arrayContaining(['deform', 'image']))
    expect(report.logs.map(({ name }) => name)).toContain('weir-basins')
    expect((await readFile(output)).length).toBeLessThan((await readFile(sample)).length / 2)
    const verified = await runWeir(['verify', output])
    expect(verified.code, verified.stdout).toBe(0)
  })

  it('takes relative paths from where the user is, and finds the basin after both were moved', async ({
    sample,
    folder,
  }) => {
    await mkdir(join(folder, 'data'))
    await copyFile(sample, join(folder, 'data', 'big.rtdc'))
    const given = ['--out', 'small.rtdc', '--basin', 'data/big.rtdc', '--paths', 'relative']
    const end = await runWeir(['basins', ...given], { cwd: folder })
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).toMatch(/^\S+small\.rtdc: [\d,]+ events, [\d.]+ kB, verified\n$/)
    const moved = `${folder}-moved`
    await rename(folder, moved)
    try {
      const report = await inspect(join(moved, 'small.rtdc'))
      expect(report.basins).toMatchObject([
        { paths: ['data/big.rtdc'], found: join(moved, 'data', 'big.rtdc') },
      ])
    } finally {
      await rename(moved, folder)
    }
  })

  it('puts each alternative to the basin before it', async ({ sample, folder }) => {
    const copy = join(folder, 'copy.rtdc')
    await copyFile(sample, copy)
    const output = join(folder, 'out.rtdc')
    const first = ['--basin', '/gone/a.rtdc', '--alternative', sample, '--alternative', copy]
    const second = [`--basin=${copy}`, '--paths', 'absolute']
    const end = await runWeir(['basins', '--out', output, ...first, ...second])
    expect(end.code, end.stderr).toBe(0)
    const paths = (await inspect(output)).basins.map((basin) => basin.paths)
    expect(paths).toHaveLength(2)
    expect(paths).toEqual(expect.arrayContaining([['/gone/a.rtdc', sample, copy], [copy]]))
  })

  it('selects events, by a range and by a list', async ({ sample, folder }) => {
    const [ranged, listed] = [join(folder, 'ranged.rtdc'), join(folder, 'listed.rtdc')]
    await writeFile(join(folder, 'rows.txt'), '# rows\n4\n0\n4\n')
    for (const given of [
      ['--out', ranged, '--events', '0:6:2'],
      ['--out', listed, '--indices', join(folder, 'rows.txt')],
    ]) {
      const end = await runWeir(['basins', '--basin', sample, ...given])
      expect(end.code, end.stderr).toBe(0)
    }
    for (const path of [ranged, listed]) {
      const report = await inspect(path)
      expect(report).toMatchObject({ events: 3, features: [{ name: 'basinmap0' }] })
      expect(report.basins).toMatchObject([{ mapping: 'basinmap0' }])
      expect(report.identifier).toMatch(/_weir-[0-9a-f]{7}$/)
    }
  })

  it('does the job of a job file', async ({ sample, folder }) => {
    const job = { task: 'basins', output: 'out.rtdc', sources: [[sample]] }
    await writeFile(join(folder, 'job.json'), JSON.stringify(job))
    const end = await runWeir(['run', 'job.json', '--json'], { cwd: folder })
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(listResults(end)).toMatchObject([{ status: 'done', output: join(folder, 'out.rtdc') }])
    expect((await inspect(join(folder, 'out.rtdc'))).basins[0]?.paths).toHaveLength(2)
  })
})

describe('weir basins refuses with exit 2', () => {
  it.for<readonly [string, readonly string[], string]>([
    ['a basin of which nothing exists', ['--basin', 'gone.rtdc', '--alternative', 'too.rtdc'], 'E_MISSING'],
    ['a basin that is no HDF5 file', ['--basin', 'text.rtdc'], 'E_MAGIC'],
    [
      'an alternative that is another measurement',
      ['--basin', 'a.rtdc', '--alternative', 'b.rtdc'],
      'E_BASIN',
    ],
    ['basins of different numbers of events', ['--basin', 'a.rtdc', '--basin', 'b.rtdc'], 'E_LEN'],
    ['an output that is the basin', ['--basin', 'out.rtdc', '--out', 'out.rtdc', '--overwrite'], 'E_SAME'],
    [
      'an output that is an alternative',
      ['--basin', 'a.rtdc', '--alternative', 'out.rtdc', '--out', 'out.rtdc'],
      'E_SAME',
    ],
    ['an output that is the basin by a link', ['--basin', 'a.rtdc', '--out', 'linked.rtdc'], 'E_SAME'],
    ['an output that exists', ['--basin', 'a.rtdc', '--out', 'out.rtdc'], 'E_EXISTS'],
    ['rows that are not there', ['--basin', 'a.rtdc', '--indices', 'rows.txt'], 'E_RANGE'],
  ])('%s, and writes nothing', async ([, given, code], { sample, folder }) => {
    await copyFile(sample, join(folder, 'a.rtdc'))
    await link(join(folder, 'a.rtdc'), join(folder, 'linked.rtdc'))
    await copyFile(sample, join(folder, 'out.rtdc'))
    await recordSample(join(folder, 'b.rtdc'), 7)
    await writeFile(join(folder, 'text.rtdc'), 'no HDF5 '.repeat(100))
    await writeFile(join(folder, 'rows.txt'), '1000000\n')
    const before = await readdir(folder)
    const content = await readFile(join(folder, 'out.rtdc'))
    const output = given.includes('--out') ? [] : ['--out', 'new.rtdc']
    const end = await runWeir(['basins', ...output, ...given, '--json'], { cwd: folder })
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual([`refused ${code}`])
    expect(await readdir(folder)).toEqual(before)
    expect(await readFile(join(folder, 'out.rtdc'))).toEqual(content)
  })

  it('wrong usage, with the output in its result line', async ({ folder }) => {
    const end = await runWeir(['basins', '--out', 'o.rtdc', '--alternative', 'b.rtdc', '--json'], {
      cwd: folder,
    })
    expect(end.code).toBe(2)
    expect(end.stderr).toMatch(/^weir: error: --alternative b\.rtdc has no --basin .*\(E_USAGE\)\n$/)
    expect(listResults(end)).toMatchObject([
      { status: 'refused', input: null, output: join(folder, 'o.rtdc'), error: { code: 'E_USAGE' } },
    ])
  })

  it('jobs of which one writes what another refers to', async ({ sample, folder }) => {
    await copyFile(sample, join(folder, 'a.rtdc'))
    const jobs = [
      { task: 'rewrite', input: sample, output: 'a.rtdc', overwrite: true },
      { task: 'basins', output: 'out.rtdc', sources: [['gone.rtdc', 'a.rtdc']] },
    ]
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs))
    const end = await runWeir(['run', 'jobs.json', '--json'], { cwd: folder })
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual(['refused E_SAME', 'refused E_SAME'])
    expect(await readdir(folder)).toEqual(['a.rtdc', 'jobs.json'])
  })
})

describe('a signal to weir basins', () => {
  it.for(['SIGINT', 'SIGTERM'] as const)(
    '%s cancels, leaves nothing, exit 130',
    async (signal, { sample, folder }) => {
      await writeFile(join(folder, 'rows.txt'), '3\n1\n'.repeat(1_000_000))
      const given = ['--basin', sample, '--indices', 'rows.txt', '--json']
      const weir = startWeir(['basins', '--out', 'out.rtdc', ...given], { cwd: folder })
      await weir.seeOutput(/"phase":"metadata"/)
      weir.process.kill(signal)
      const end = await weir.ended
      expect(end).toMatchObject({ code: 130, stderr: '' })
      expect(listEnds(end)).toEqual(['cancelled E_CANCELLED'])
      expect(await readdir(folder)).toEqual(['rows.txt'])
    },
  )
})
