import { writeFile } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import { DatasetReader } from '../../../src-main/hdf5/reading/dataset-reader.ts'
import type { Finding } from '../../../src-main/read/finding.ts'
import { SecondJudge, selectNew } from '../../../src-main/read/second-judge.ts'
import {
  findDataset,
  InlinePool,
  openBytes,
  openFixture,
  readFixture,
  storeBytes,
} from '../hdf5/reading/reading-fixture.ts'

function askJudge(path: string): SecondJudge {
  const judge = new SecondJudge(path, undefined)
  onTestFinished(() => judge.close())
  return judge
}

it.each(['groups-latest', 'types-earliest', 'indexes-v110', 'userblock-latest'])(
  'has nothing to say of a sound file: %s',
  async (name) => {
    const judge = askJudge(await storeBytes(await readFixture(name)))
    expect(await judge.findings).toEqual([])
  },
)

it('says of a file that the library does not open why, once, and then nothing of its values', async () => {
  const path = await storeBytes(new Uint8Array(4096))
  const judge = askJudge(path)
  expect(await judge.findings).toMatchObject([{ level: 'damage', code: 'E_MAGIC', object: null }])
  const dataset = await findDataset(await openFixture('types-latest'), 'never')
  expect(await judge.judgeRows(dataset, 0, { count: 1 })).toEqual([])
})

it('names the object that the library refuses, and goes on with the others', async () => {
  const bytes = await readFixture('types-earliest')
  const { address } = await findDataset(await openBytes(bytes), 'never')
  // The version of the object's header.
  bytes[address] = 99
  const findings = await askJudge(await storeBytes(bytes)).findings
  expect(findings).toMatchObject([{ level: 'damage', code: 'E_META', object: '/never' }])
  expect(findings[0]?.message).toContain('HDF5 library')
})

it('tells values that it reads otherwise from those that it reads alike', async () => {
  const file = await openFixture('indexes-v110')
  const dataset = await findDataset(file, 'fixed_filtered')
  const reader = await DatasetReader.open(file, dataset, { pool: new InlinePool() })
  const bytes = await reader.readRows(3, 9)
  const judge = askJudge(file.path)
  expect(await judge.judgeRows(dataset, 3, { count: 6, bytes })).toEqual([])
  bytes[7]! ^= 1
  expect(await judge.judgeRows(dataset, 3, { count: 6, bytes })).toMatchObject([
    {
      level: 'damage',
      code: 'E_VERIFY',
      object: '/fixed_filtered',
      message: expect.stringContaining('rows 3 to 8'),
    },
  ])
})

it('reads the file that is there now, also in a thread that had another of this name before', async () => {
  const path = await storeBytes(await readFixture('plain-latest'))
  const first = new SecondJudge(path, undefined)
  expect(await first.findings).toEqual([])
  await first.close()
  await writeFile(path, new Uint8Array(4096))
  expect(await askJudge(path).findings).toMatchObject([{ code: 'E_MAGIC' }])
})

it('adds only what Weir has not said of an object, and of each object one thing', () => {
  const make = (object: string | null, level: Finding['level'] = 'damage'): Finding => {
    return { level, code: 'E_META', message: '', object }
  }
  const judged = [make('/a'), make('/b'), make('/b'), make('/c', 'alert'), make(null)]
  expect(selectNew([make('/a'), make('/c', 'hint')], judged)).toEqual([
    make('/b'),
    make('/c', 'alert'),
    make(null),
  ])
})

it('says so where the library does not answer: it looks for the end of a heap whose free space takes nothing', async () => {
  const bytes = await readFixture('types-earliest')
  const heap = Buffer.from(bytes.buffer).indexOf('GCOL')
  expect(heap).toBeGreaterThan(0)
  // The first object becomes free space of no bytes.
  bytes.fill(0, heap + 16, heap + 32)
  const judge = new SecondJudge(await storeBytes(bytes), undefined, { timeoutMs: 3000 })
  onTestFinished(() => judge.close())
  expect(await judge.findings).toMatchObject([{ level: 'damage', code: 'E_TIMEOUT', object: null }])
})
