import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readerAnswerSchema, type ReaderAnswer } from '../../../src-main/jobs/reader-messages.ts'
import { makeTemporaryFolder } from '../../helpers/temporary-folder.ts'
import { forkNode, type ForkedChild } from '../jobs/fork-node-process.ts'
import { addLines, writeMeasurement } from '../read/measurement-fixture.ts'

const entry = '../../../src-main/job-process/reader-process.ts'

async function ask({ child }: Pick<ForkedChild, 'child'>, request: unknown): Promise<ReaderAnswer> {
  child.send(request as object)
  const [value] = (await once(child, 'message')) as [unknown]
  return readerAnswerSchema.parse(value)
}

describe('the process that reads files for the window', () => {
  test('describes a file and gives the text of its logs', async () => {
    const path = await writeMeasurement({ fill: (h5) => addLines(h5.root, 'logs/one', ['first', 'second']) })
    const reader = forkNode(entry)
    const described = await ask(reader, { number: 3, request: { kind: 'describe', path, folders: [] } })
    expect(described).toMatchObject({
      kind: 'file',
      number: 3,
      file: { path, events: 10, logs: [{ name: 'one', lineCount: 2 }], warnings: [] },
    })
    const log = await ask(reader, { number: 4, request: { kind: 'log', path, name: 'one' } })
    expect(log).toEqual({
      kind: 'log',
      number: 4,
      log: { lines: ['first', 'second'], lineCount: 2, isCut: false },
    })
  })

  test('looks at a list of events', async () => {
    const path = join(await makeTemporaryFolder(), 'rows.txt')
    await writeFile(path, '2\n12\n')
    const request = { kind: 'look-at-indices', path, eventCounts: [10, 20] }
    const answer = await ask(forkNode(entry), { number: 5, request })
    expect(answer).toMatchObject({
      kind: 'indices',
      list: { count: 2, largest: 12, beyond: [{ eventCount: 10, line: 2, row: 12 }] },
    })
  })

  test('tells what becomes of the paths of a basin', async () => {
    const path = await writeMeasurement()
    const request = {
      kind: 'describe-basin-paths',
      path,
      alternatives: ['gone.rtdc'],
      outputFolder: dirname(path),
      folders: [],
    }
    expect(await ask(forkNode(entry), { number: 5, request })).toMatchObject({
      kind: 'basin-paths',
      number: 5,
      paths: [
        { given: path, state: 'found', events: 10 },
        { given: 'gone.rtdc', state: 'missing' },
      ],
    })
  })

  test('answers several requests at once, each by its number', async () => {
    const path = await writeMeasurement()
    const { child } = forkNode(entry)
    const numbers: number[] = []
    const all = new Promise<void>((resolve) => {
      child.on('message', (value) => {
        numbers.push(readerAnswerSchema.parse(value).number)
        if (numbers.length === 5) resolve()
      })
    })
    for (let number = 0; number < 5; number++)
      child.send({ number, request: { kind: 'describe', path, folders: [] } })
    await all
    expect(numbers.sort()).toEqual([0, 1, 2, 3, 4])
  })

  test('says why a file cannot be described, and goes on', async () => {
    const folder = await makeTemporaryFolder()
    const path = join(folder, 'gone.rtdc')
    const reader = forkNode(entry)
    const request = { kind: 'describe', path, folders: [] }
    expect(await ask(reader, { number: 1, request })).toMatchObject({
      kind: 'failed',
      number: 1,
      error: { code: 'E_MISSING', path },
    })
    await symlink(path, path)
    expect(await ask(reader, { number: 2, request })).toMatchObject({ number: 2, error: { code: 'E_NAME' } })
  })

  test.each([
    [{ number: 7, request: { kind: 'format-disk' } }, 7],
    [{ number: 8, request: { kind: 'describe', path: '/x', folders: [], extra: 1 } }, 8],
    ['no object', -1],
  ])('refuses %j, which is no request', async (message, number) => {
    const answer = await ask(forkNode(entry), message)
    expect(answer).toMatchObject({ kind: 'failed', number, error: { code: 'E_MESSAGE' } })
  })

  test('goes when its parent goes', async () => {
    const { child } = forkNode(entry)
    await ask({ child }, { number: 1 })
    const exit = once(child, 'exit')
    child.disconnect()
    await exit
    expect([child.exitCode, child.signalCode]).toEqual([0, null])
  })
})
