import { copyFile, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'

import { listEnds, listResults, parseLines, runWeir, type JsonLine } from './run-weir.ts'
import { withSample } from './with-sample.ts'

const it = withSample(20)

async function countEvents(path: string): Promise<unknown> {
  const end = await runWeir(['inspect', path, '--json'])
  return parseLines(end)[0]?.['events']
}

describe('a rewrite', () => {
  it('says how it goes on in JSON lines with exactly the documented keys', async ({ sample, folder }) => {
    const output = join(folder, 'out.rtdc')
    const end = await runWeir(['rewrite', sample, '--out', output, '--json'])
    expect(end).toMatchObject({ code: 0, stderr: '' })
    const lines = parseLines(end)
    const progress = lines.filter(({ type }) => type === 'progress')
    for (const line of progress) {
      expect(Object.keys(line)).toEqual([
        ...[
          'type',
          'job',
          'phase',
          'writeQueueSize',
          'queuedBytes',
          'queueLimitBytes',
          'writtenEvents',
          'totalEvents',
        ],
        ...['writtenFrames', 'totalFrames', 'bytesRead', 'bytesWritten', 'seconds'],
      ])
    }
    expect(listPhases(progress)).toEqual(['check', 'copy', 'metadata', 'verify', 'commit'])
    const total = progress.at(-1)?.['totalEvents']
    expect(progress.at(-1)).toMatchObject({ job: 1, writtenEvents: total })
    const result = lines.at(-1)
    expect(Object.keys(result ?? {})).toEqual([
      ...['type', 'job', 'input', 'output', 'status', 'events', 'bytesRead', 'bytesWritten', 'seconds'],
      ...['verification', 'warnings', 'error'],
    ])
    const bytes = (await stat(output)).size
    expect(result).toMatchObject({
      type: 'result',
      job: 1,
      input: sample,
      output,
      status: 'done',
      events: total,
    })
    expect(result).toMatchObject({ bytesWritten: bytes, verification: 'standard', warnings: [], error: null })
    expect(await readdir(folder)).toEqual(['out.rtdc'])
  })

  it('gives one line for each output to people', async ({ sample, folder }) => {
    const end = await runWeir(['rewrite', sample, '--out', 'out.rtdc', '--verify', 'independent'], {
      cwd: folder,
    })
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).toMatch(
      /^[^\n]*out\.rtdc: \d+ events, [^\n]*, verified independently, (\d+) of \1 features copied as stored\n$/,
    )
  })

  it('takes relative paths from where npm was called when npm runs it', async ({ sample, folder }) => {
    await mkdir(join(folder, 'elsewhere'))
    await copyFile(sample, join(folder, 'in.rtdc'))
    const env = { npm_lifecycle_event: 'weir', INIT_CWD: folder }
    const options = { cwd: join(folder, 'elsewhere'), env }
    const end = await runWeir(['rewrite', 'in.rtdc', '--out', 'out.rtdc', '--verify', 'none'], options)
    expect(end.code).toBe(0)
    expect((await readdir(folder)).sort()).toEqual(['elsewhere', 'in.rtdc', 'out.rtdc'])
  })

  it('takes files with a leading dash behind --', async ({ sample, folder }) => {
    await copyFile(sample, join(folder, '-x.rtdc'))
    const given = ['rewrite', '--out=-y.rtdc', '--verify', 'none', '--', '-x.rtdc']
    expect((await runWeir(given, { cwd: folder })).code).toBe(0)
    expect((await readdir(folder)).sort()).toEqual(['-x.rtdc', '-y.rtdc'])
  })

  it('selects one event, or none', async ({ sample, folder }) => {
    for (const [events, count] of [
      ['0:1', 1],
      ['5:5', 0],
      ['9999:', 0],
    ] as const) {
      const output = join(folder, `${count}.rtdc`)
      const given = ['rewrite', sample, '--out', output, '--events', events, '--overwrite', '--json']
      const end = await runWeir(given)
      expect(end.code).toBe(0)
      expect(listResults(end)).toMatchObject([{ status: 'done', events: count }])
      expect(await countEvents(output)).toBe(count)
      const again = await runWeir([
        'rewrite',
        output,
        '--out',
        join(folder, 'again.rtdc'),
        '--overwrite',
        '--json',
      ])
      expect(listResults(again)).toMatchObject([{ status: 'done', events: count }])
    }
  })

  it('checks all in a dry run and writes nothing', async ({ sample, folder }) => {
    const end = await runWeir(['rewrite', sample, '--out-dir', join(folder, 'new'), '--dry-run', '--json'])
    expect(end.code).toBe(0)
    expect(listResults(end)).toMatchObject([{ status: 'done', bytesWritten: 0, dryRun: true }])
    expect(await readdir(folder)).toEqual([])
  })

  it('names outputs by their template, and refuses two of one name', async ({ sample, folder }) => {
    const given = ['rewrite', sample, sample, '--out-dir', join(folder, 'new'), '--verify', 'none', '--json']
    const same = await runWeir(given)
    expect(same.code).toBe(2)
    expect(listEnds(same)).toEqual(['refused E_EXISTS', 'refused E_EXISTS'])
    expect(await readdir(folder)).toEqual([])
    const end = await runWeir([...given, '--name', '{stem}/{n}:{date}'])
    expect(end.code).toBe(0)
    const names = await readdir(join(folder, 'new'))
    expect(names.sort()).toEqual([
      expect.stringMatching(/^sample_1_\d{4}-\d\d-\d\d\.rtdc$/),
      expect.stringMatching(/^sample_2_\d{4}-\d\d-\d\d\.rtdc$/),
    ])
  })

  it('runs the good inputs beside refused ones, with exit 1 and the results in order', async ({
    sample,
    folder,
  }) => {
    const bad = join(folder, 'bad.rtdc')
    await writeFile(bad, 'no measurement')
    const given = [
      'rewrite',
      bad,
      sample,
      join(folder, 'absent.rtdc'),
      '--out-dir',
      join(folder, 'out'),
      '--json',
    ]
    const end = await runWeir(given)
    expect(end.code).toBe(1)
    expect(listEnds(end)).toEqual([
      expect.stringMatching(/^refused E_(SHORT|MAGIC)$/),
      'done',
      'refused E_MISSING',
    ])
    expect(listResults(end).map(({ job }) => job)).toEqual([1, 2, 3])
    expect(await readdir(join(folder, 'out'))).toEqual(['sample.rtdc'])
  })
})

function listPhases(progress: readonly JsonLine[]): unknown[] {
  return [...new Set(progress.map(({ phase }) => phase))]
}

describe('an output', () => {
  it.for<readonly [string, (input: string) => string]>([
    ['the same', (input) => input],
    ['with a dot', (input) => input.replace('/in.rtdc', '/./in.rtdc')],
    ['with a double slash', (input) => input.replace('/in.rtdc', '//in.rtdc')],
    ['up and down again', (input) => input.replace('/in.rtdc', '/sub/../in.rtdc')],
    ['relative', () => 'in.rtdc'],
    ['through a linked folder', (input) => input.replace('/in.rtdc', '/loop/in.rtdc')],
    ['a link to it', (input) => input.replace('/in.rtdc', '/link.rtdc')],
    ['another name of the same file', (input) => input.replace('/in.rtdc', '/hard.rtdc')],
  ])('that is the input is refused, even with --overwrite: %s', async ([, spell], { sample, folder }) => {
    const input = join(folder, 'in.rtdc')
    await copyFile(sample, input)
    await mkdir(join(folder, 'sub'))
    await symlink(folder, join(folder, 'loop'))
    await symlink(input, join(folder, 'link.rtdc'))
    await link(input, join(folder, 'hard.rtdc'))
    const before = await readFile(input)
    const end = await runWeir(['rewrite', input, '--out', spell(input), '--overwrite', '--json'], {
      cwd: folder,
    })
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual(['refused E_SAME'])
    expect(await readFile(input)).toEqual(before)
    expect(await readdir(folder)).toHaveLength(5)
  })

  it('that exists is kept without --overwrite and replaced with it', async ({ sample, folder }) => {
    const output = join(folder, 'out.rtdc')
    await writeFile(output, 'precious')
    const given = ['rewrite', sample, '--out', output, '--json']
    const refused = await runWeir(given)
    expect(refused.code).toBe(2)
    expect(listEnds(refused)).toEqual(['refused E_EXISTS'])
    expect(await readFile(output, 'utf8')).toBe('precious')
    const replaced = await runWeir([...given, '--overwrite'])
    expect(replaced.code).toBe(0)
    expect(await countEvents(output)).toBe(listResults(replaced)[0]?.['events'])
    expect(await readdir(folder)).toEqual(['out.rtdc'])
  })

  it('whose temporary name is taken is refused, unless nobody owns it and --overwrite is given', async ({
    sample,
    folder,
  }) => {
    const output = join(folder, 'out.rtdc')
    await writeFile(`${output}~`, 'left over')
    const given = ['rewrite', sample, '--out', output, '--json']
    const refused = await runWeir(given)
    expect(refused.code).toBe(2)
    expect(listEnds(refused)).toEqual(['refused E_EXISTS'])
    expect(await readFile(`${output}~`, 'utf8')).toBe('left over')
    expect((await runWeir([...given, '--overwrite'])).code).toBe(0)
    // Nothing says that it is not a recording, so it is moved aside.
    expect((await readdir(folder)).sort()).toEqual(['out.rtdc', 'out.rtdc~1'])
    expect(await readFile(`${output}~1`, 'utf8')).toBe('left over')
  })

  it('that is a symbolic link is refused, also a dangling one and with --overwrite', async ({
    sample,
    folder,
  }) => {
    const target = join(folder, 'target.rtdc')
    await symlink(target, join(folder, 'link.rtdc'))
    for (const content of [undefined, 'precious']) {
      if (content !== undefined) await writeFile(target, content)
      const end = await runWeir([
        'rewrite',
        sample,
        '--out',
        join(folder, 'link.rtdc'),
        '--overwrite',
        '--json',
      ])
      expect(end.code).toBe(2)
      expect(listEnds(end)).toEqual(['refused E_EXISTS'])
    }
    expect(await readFile(target, 'utf8')).toBe('precious')
  })

  it('that is a folder is refused', async ({ sample, folder }) => {
    const end = await runWeir(['rewrite', sample, '--out', folder, '--overwrite', '--json'])
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual(['refused E_EXISTS'])
  })

  it('in a missing folder is refused, for --out and for --out-dir', async ({ sample, folder }) => {
    const missing = join(folder, 'absent', 'deeper')
    for (const place of [
      ['--out', join(missing, 'out.rtdc')],
      ['--out-dir', missing],
    ]) {
      const end = await runWeir(['rewrite', sample, ...place, '--json'])
      expect(end.code).toBe(2)
      expect(listEnds(end)).toEqual(['refused E_OUT_FOLDER'])
    }
    expect(await readdir(folder)).toEqual([])
  })

  it('with a name that is too long is refused', async ({ sample, folder }) => {
    const end = await runWeir(['rewrite', sample, '--out-dir', folder, '--name', 'ä'.repeat(130), '--json'])
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual(['refused E_OUT_PATH'])
  })
})
