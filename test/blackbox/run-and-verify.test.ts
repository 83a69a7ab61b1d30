import { copyFile, open, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'

import { listEnds, listResults, parseLines, runWeir } from './run-weir.ts'
import { withSample } from './with-sample.ts'

const it = withSample(20)

/** Turns one bit of a byte in the middle of the file, where the chunks of images lie. */
async function damage(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    const byte = new Uint8Array(1)
    await file.read(byte, 0, 1, Math.floor(size / 2))
    byte[0] = (byte[0] ?? 0) ^ 1
    await file.write(byte, 0, 1, Math.floor(size / 2))
  } finally {
    await file.close()
  }
}

describe('weir verify', () => {
  it('finds a sound file good', async ({ sample }) => {
    const end = await runWeir(['verify', sample, '--json'])
    expect(end.code).toBe(0)
    const [result] = listResults(end)
    expect(result).toMatchObject({
      status: 'done',
      input: sample,
      output: null,
      bytesWritten: 0,
      error: null,
    })
    const findings = result?.['findings'] as readonly { readonly level: string }[]
    expect(findings.filter(({ level }) => level === 'damage' || level === 'violation')).toEqual([])
  })

  it('finds one flipped bit and a cut file, exit 1, and goes on with the next file', async ({
    sample,
    folder,
  }) => {
    const flipped = join(folder, 'flipped.rtdc')
    const cut = join(folder, 'cut.rtdc')
    await copyFile(sample, flipped)
    await copyFile(sample, cut)
    await damage(flipped)
    await truncate(cut, 20_000)
    const end = await runWeir(['verify', flipped, cut, sample, '--json'])
    expect(end.code).toBe(1)
    const results = listResults(end)
    expect(results.map(({ status }) => status)).toEqual(['failed', 'failed', 'done'])
    expect(results[0]).toMatchObject({ findings: [{ level: 'damage' }] })
    expect(results[1]).toMatchObject({
      findings: [{ level: 'damage', code: 'E_TRUNC' }],
      error: { code: 'E_TRUNC' },
    })
    const text = await runWeir(['verify', flipped, sample])
    expect(text.stdout.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
      expect.stringContaining('flipped.rtdc: NOT good'),
      expect.stringContaining('sample.rtdc: good'),
      '',
    ])
  })
})

describe('weir inspect', () => {
  it('prints the documented keys as one line of JSON', async ({ sample }) => {
    const end = await runWeir(['inspect', sample, '--json'])
    expect(end).toMatchObject({ code: 0, stderr: '' })
    const lines = parseLines(end)
    expect(lines).toHaveLength(1)
    expect(Object.keys(lines[0] ?? {})).toEqual([
      ...['path', 'bytes', 'events', 'identifier', 'attributes', 'features', 'logs', 'tables', 'basins'],
      ...['otherGroups', 'warnings'],
    ])
    const features = lines[0]?.['features'] as readonly object[]
    for (const feature of features) {
      expect(Object.keys(feature)).toEqual(['name', 'shape', 'dtype', 'chunks', 'filters', 'storedBytes'])
    }
  })

  it('prints a report for people', async ({ sample }) => {
    const end = await runWeir(['inspect', sample])
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).toContain(sample)
    expect(end.stdout).toMatch(/^ {2}deform +\d+ +<f[48]/m)
  })
})

describe('weir run', () => {
  it('runs the jobs of a file one after another', async ({ sample, folder }) => {
    const jobs = [
      { task: 'rewrite', input: sample, output: 'a.rtdc', events: { kind: 'range', stop: 3 } },
      { task: 'record', output: 'b.rtdc', source: { kind: 'simulate', frames: 3 } },
    ]
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs))
    const end = await runWeir(['run', 'jobs.json', '--json'], { cwd: folder })
    expect(end.code).toBe(0)
    expect(listResults(end)).toMatchObject([
      { job: 1, input: sample, output: join(folder, 'a.rtdc'), status: 'done', events: 3 },
      { job: 2, input: null, output: join(folder, 'b.rtdc'), status: 'done' },
    ])
    expect((await readdir(folder)).sort()).toEqual(['a.rtdc', 'b.rtdc', 'jobs.json'])
  })

  it('runs none of them if one is not valid', async ({ sample, folder }) => {
    const jobs = [
      { task: 'rewrite', input: sample, output: 'a.rtdc' },
      { task: 'rewrite', input: sample },
    ]
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs))
    const end = await runWeir(['run', 'jobs.json', '--json'], { cwd: folder })
    expect(end.code).toBe(2)
    expect(listEnds(end)).toEqual(['refused E_USAGE', 'refused E_USAGE'])
    expect(await readdir(folder)).toEqual(['jobs.json'])
  })
})
