import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeDisk } from '../../../src-main/hdf5/disk/node-disk.ts'
import { lookAtIndices, parseIndices } from '../../../src-main/job-process/index-list.ts'
import { expectError, expectRejection } from '../../helpers/expect-error.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'

async function look(text: string, eventCounts: readonly number[] = []) {
  const path = join(await makeTemporaryFolder(), 'rows.txt')
  await writeFile(path, text)
  return { path, view: await lookAtIndices({ path, eventCounts }, nodeDisk) }
}

describe('a look at a list of events', () => {
  test('tells how many it names, repetitions counted, and from which to which', async () => {
    const { path, view } = await look('# by hand\n7\n3 # twice\n3\n\n')
    expect(view).toEqual({ path, count: 3, smallest: 3, largest: 7, problem: null, beyond: [] })
  })

  test('of an empty one names nothing', async () => {
    expect((await look('# nothing\n')).view).toMatchObject({ count: 0, smallest: null, largest: null })
  })

  test('ends at the first line that is no index, and names it', async () => {
    const { path, view } = await look('1\n2\n2.5\n9\n')
    expect(view).toMatchObject({ count: 2, largest: 2 })
    expect(view.problem).toEqual({
      line: 3,
      message: `line 3 of ${path}: "2.5" is not an event index (0, 1, 2 ...)`,
    })
    expect((await look('1e999\n')).view.problem?.line).toBe(1)
    expect((await look(`1\n${'9'.repeat(400)}`)).view.problem?.message).toContain(
      'larger than any event index',
    )
  })

  test('says for each number of events the very line at which a job would fail', async () => {
    const text = '0\n4\n# a comment\n9\n5\n20\n'
    const { path, view } = await look(text, [100, 5, 10, 4, 20, 5])
    expect(view.beyond).toEqual([
      { eventCount: 4, line: 2, row: 4 },
      { eventCount: 5, line: 4, row: 9 },
      { eventCount: 10, line: 6, row: 20 },
      { eventCount: 20, line: 6, row: 20 },
    ])
    for (const { eventCount, line } of view.beyond) {
      const error = expectError(() => parseIndices(text, eventCount, path), 'E_RANGE')
      expect(error.message).toContain(`line ${line} of`)
    }
    expect([...parseIndices(text, 100, path)]).toEqual([0, 4, 9, 5, 20])
  })

  test('of a file that is not there, or of a folder, says so', async () => {
    const folder = await makeTemporaryFolder()
    await expectRejection(
      lookAtIndices({ path: join(folder, 'gone'), eventCounts: [] }, nodeDisk),
      'E_MISSING',
    )
    await expectRejection(lookAtIndices({ path: folder, eventCounts: [] }, nodeDisk), 'E_KIND')
  })
})
