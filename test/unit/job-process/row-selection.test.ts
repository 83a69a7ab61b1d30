import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { parseIndices } from '../../../src-main/job-process/index-list.ts'
import { iterateRows, selectRows } from '../../../src-main/job-process/row-selection.ts'
import type { EventSelection } from '../../../src-main/jobs/job-schema.ts'

const range = (start: number, stop: number | null, step = 1): EventSelection => ({
  kind: 'range',
  start,
  stop,
  step,
})
const FIVE = { count: 5, isCut: false }
const rowsOf = async (choice: EventSelection, count: number): Promise<number[]> => [
  ...iterateRows(await selectRows(choice, { count, isCut: false }, nodeDisk)),
]

describe('a range of events', () => {
  test.each([
    [range(0, null), 5, [0, 1, 2, 3, 4]],
    [range(1, 4), 5, [1, 2, 3]],
    [range(0, 100), 3, [0, 1, 2]],
    [range(1, null, 2), 6, [1, 3, 5]],
    [range(4, 2), 5, []],
    [range(9, null), 5, []],
    [range(0, null), 0, []],
  ])('%o of %i events is %o', async (choice, count, expected) => {
    expect(await rowsOf(choice, count)).toEqual(expected)
  })

  test('is no selection at all when it takes everything in order', async () => {
    expect((await selectRows(range(0, null), FIVE, nodeDisk)).isIdentity).toBe(true)
    expect((await selectRows(range(0, 5), FIVE, nodeDisk)).isIdentity).toBe(true)
    expect((await selectRows(range(0, 4), FIVE, nodeDisk)).isIdentity).toBe(false)
    expect((await selectRows(range(0, null, 2), FIVE, nodeDisk)).isIdentity).toBe(false)
    expect((await selectRows({ kind: 'all' }, { count: 5, isCut: true }, nodeDisk)).isIdentity).toBe(false)
  })
})

describe('a list of events', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-rows-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('keeps order and repetition and ignores comments, empty lines, blanks and Windows line ends', async () => {
    const file = join(folder, 'rows.txt')
    await writeFile(file, '\uFEFF# chosen by hand\r\n3\r\n\r\n 1 # twice\r\n1\r\n0')
    expect(await rowsOf({ kind: 'indices', file }, 4)).toEqual([3, 1, 1, 0])
  })

  test.each([
    ['0\n4\n', 2],
    ['0\n1\n-1', 3],
    ['1.5', 1],
    ['# fine\n\nx', 3],
  ])('names the line of what is no event: %j', (text, line) => {
    expect(() => parseIndices(text, 4, 'rows.txt')).toThrow(
      expect.objectContaining({
        code: 'E_RANGE',
        message: expect.stringContaining(`line ${line} of rows.txt`),
      }),
    )
  })

  test('that is empty selects nothing', () => {
    expect([...parseIndices('# nothing\n', 4, 'rows.txt')]).toEqual([])
  })
})
