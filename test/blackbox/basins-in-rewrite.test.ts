import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  listEnds,
  listResults,
  makeFolder,
  parseLines,
  recordSample,
  removeFolder,
  runWeir,
} from './run-weir.ts'

interface Inspected {
  readonly events: number
  readonly identifier: string | null
  readonly features: readonly { readonly name: string }[]
  readonly basins: readonly {
    readonly key: string
    readonly paths: readonly string[]
    readonly mapping: string
    readonly found: string | null
  }[]
}

let folder: string
let big: string
let small: string

/** A recording, and a selection of its events that holds `deform` alone and refers to it. */
beforeAll(async () => {
  folder = await makeFolder()
  big = join(folder, 'big.rtdc')
  await recordSample(big, 20)
  small = join(folder, 'small.rtdc')
  const events = { kind: 'range', start: 3, stop: null, step: 2 }
  const job = { input: big, output: small, features: ['deform'], events, addSourceBasin: true }
  expect((await runJob(job)).code).toBe(0)
})

afterAll(() => removeFolder(folder))

async function runJob(job: object) {
  const file = join(folder, 'job.json')
  await writeFile(file, JSON.stringify({ task: 'rewrite', ...job }))
  return runWeir(['run', file, '--json'])
}

function rewrite(input: string, output: string, ...options: readonly string[]) {
  return runWeir(['rewrite', input, '--out', output, '--json', ...options])
}

async function inspect(path: string): Promise<Inspected> {
  return parseLines(await runWeir(['inspect', path, '--json']))[0] as unknown as Inspected
}

const names = ({ features }: Inspected): string[] => features.map(({ name }) => name)

/** What the log of the job that made a file says of each feature's values: equal digests mean equal values. */
async function readDigests(path: string): Promise<Readonly<Record<string, string>>> {
  const text = (await readFile(path, 'latin1')).replaceAll('\0', '')
  // The logs of earlier jobs were copied with all else.
  const own = text.split('{"files":').find((log) => log.includes(`"output":${JSON.stringify(path)}`))
  const digests = /"sha256 of values":(\{.*?\})/.exec(own ?? '')?.[1]
  return JSON.parse(digests ?? '{}') as Record<string, string>
}

describe('a file that refers to its source', () => {
  it('names it absolutely and from its own folder, with a mapping', async () => {
    const { basins } = await inspect(small)
    expect(basins).toMatchObject([{ paths: [big, 'big.rtdc'], mapping: 'basinmap0', found: big }])
  })

  it('is filled in with the rows that a selection of the source gives', async () => {
    const direct = join(folder, 'direct.rtdc')
    const filled = join(folder, 'filled.rtdc')
    const none = ['--compression', 'none', '--no-checksum']
    expect((await rewrite(big, direct, '--events', '3::2', ...none)).code).toBe(0)
    const end = await rewrite(small, filled, '--basins', 'fill', ...none)
    expect(listResults(end)).toMatchObject([{ status: 'done', verification: 'standard', warnings: [] }])
    const [wanted, found] = [await inspect(direct), await inspect(filled)]
    expect(found.basins).toEqual([])
    expect(names(found)).toEqual(names(wanted))
    expect(found).toMatchObject({ events: wanted.events, identifier: wanted.identifier })
    const digests = await readDigests(filled)
    expect(Object.keys(digests).length).toBeGreaterThan(3)
    expect(digests).toEqual(await readDigests(direct))
  })

  it('keeps its basin on a further selection, with the rows of the source', async () => {
    const kept = join(folder, 'kept.rtdc')
    expect((await rewrite(small, kept, '--events', '1:4')).code).toBe(0)
    const report = await inspect(kept)
    expect(report.basins).toMatchObject([{ mapping: 'basinmap0', found: big }])
    const again = join(folder, 'kept-filled.rtdc')
    const direct = join(folder, 'kept-direct.rtdc')
    const none = ['--compression', 'none', '--no-checksum']
    await writeFile(join(folder, 'rows.txt'), '5\n7\n9\n')
    expect((await rewrite(kept, again, '--basins', 'fill', ...none)).code).toBe(0)
    expect((await rewrite(big, direct, '--indices', join(folder, 'rows.txt'), ...none)).code).toBe(0)
    expect(await readDigests(again)).toEqual(await readDigests(direct))
  })

  it('says in a dry run what filling in would take, and writes nothing', async () => {
    const before = await readdir(folder)
    const estimate = async (...options: string[]): Promise<number> => {
      const end = await rewrite(small, join(folder, 'dry.rtdc'), '--dry-run', ...options)
      expect(end.code).toBe(0)
      return Number(listResults(end)[0]?.['estimatedBytes'])
    }
    const [keep, fill] = [await estimate(), await estimate('--basins', 'fill')]
    expect(keep).toBeGreaterThan(0)
    expect(fill).toBeGreaterThan(keep)
    expect(await readdir(folder)).toEqual(before)
  })

  it('is never written over its own basin', async () => {
    await symlink(big, join(folder, 'link.rtdc'))
    const digest = createHash('sha256')
      .update(await readFile(big))
      .digest('hex')
    for (const options of [[], ['--basins', 'fill']]) {
      const end = await rewrite(small, big, '--overwrite', ...options)
      expect(end.code).toBe(2)
      expect(listEnds(end)).toEqual(['refused E_SAME'])
    }
    expect(
      createHash('sha256')
        .update(await readFile(big))
        .digest('hex'),
    ).toBe(digest)
  })
})

describe('a basin that was moved', () => {
  it('is missed by filling in, and found again once it is relinked', async () => {
    const place = join(folder, 'moved')
    await mkdir(place)
    const moved = join(place, 'renamed.rtdc')
    await rename(big, moved)
    try {
      const before = await readdir(folder)
      const missed = await rewrite(small, join(folder, 'never.rtdc'), '--basins', 'fill')
      expect(missed.code).toBe(2)
      expect(listEnds(missed)).toEqual(['refused E_BASIN'])
      expect(JSON.stringify(listResults(missed))).toContain(JSON.stringify(big).slice(1, -1))
      expect(await readdir(folder)).toEqual(before)
      const key = (await inspect(small)).basins[0]?.key
      const output = join(folder, 'relinked.rtdc')
      const wrong = await runJob({ input: small, output, relink: [{ key, paths: [small] }] })
      expect(listEnds(wrong)).toEqual(['refused E_BASIN'])
      const right = await runJob({ input: small, output, relink: [{ key, paths: [moved] }] })
      expect(listEnds(right)).toEqual(['done'])
      expect((await inspect(output)).basins).toMatchObject([{ key, paths: [moved], found: moved }])
      const filled = await rewrite(output, join(folder, 'relinked-filled.rtdc'), '--basins', 'fill')
      expect(listEnds(filled)).toEqual(['done'])
    } finally {
      await rename(moved, big)
    }
  })
})
