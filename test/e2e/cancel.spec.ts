import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { answerDialogs } from './answer-dialogs.ts'
import { listDifferences } from './judge/judge-output.ts'
import { chooseSeed, makeRandom } from './random.ts'
import { setSurroundings, waitForPhase } from './watch-processes.ts'
import { expect, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

const ROUNDS = 20
const PHASES = ['check', 'copy', 'metadata', 'verify', 'commit'] as const
/** Every phase takes some tenths of a second, so that an instant in it can be met. */
const SLOW_DISK = { writeBytesPerSecond: 6e6, readBytesPerSecond: 60e6, syncMs: 100 }

test(`cancelled at ${ROUNDS} instants over all phases, a job leaves no file or a whole one`, async ({
  weir,
  folder,
  putInput,
}) => {
  test.setTimeout(180_000)
  const random = makeRandom(chooseSeed())
  const window = new WeirWindow(weir)
  const input = await putInput('medium.rtdc')
  await setSurroundings(weir.app, SLOW_DISK)
  const ends: string[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await window.addFile(input)
    await window.start(id)
    await waitForPhase(weir.app, PHASES[round % PHASES.length]!)
    await wait(random() * 300)
    await window.cancelIfRunning()
    await window.expectState(id, /done|cancelled/)
    const end = await window.readState(id)
    ends.push(end)
    const left = end === 'done' ? [basename(nameOutput(input))] : []
    expect((await readdir(folder)).sort()).toEqual([basename(input), ...left].sort())
    if (end === 'done') expect(await listDifferences(input, nameOutput(input))).toEqual([])
    await rm(nameOutput(input), { force: true })
    await window.remove(id)
  }
  // Late ones come too late; most do not.
  expect(ends.filter((end) => end === 'cancelled').length).toBeGreaterThanOrEqual(ROUNDS / 2)
})

test('the same file twice becomes two outputs, or is refused with a word', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('tiny.rtdc')
  const first = await window.addFile(input)
  await answerDialogs(weir.app, { paths: [input] })
  await window.page.getByRole('button', { name: 'Add files' }).first().click()
  await expect(window.page.getByText(/is already in the queue/)).toBeVisible()
  await window.start(first)
  await window.expectState(first, 'done')
  const second = await window.addFile(input)
  await window.start(second)
  await window.expectState(second, /done|failed/)
  const names = (await readdir(folder)).filter((name) => name !== basename(input))
  // The first output is untouched: the second one has another name or was refused.
  expect(names).toContain(basename(nameOutput(input)))
  expect(await listDifferences(input, nameOutput(input))).toEqual([])
})

test('an output that exists is refused, and stays what it was', async ({ weir, folder, putInput }) => {
  const window = new WeirWindow(weir)
  const input = await putInput('tiny.rtdc')
  await writeFile(nameOutput(input), 'old')
  const id = await window.addFile(input)
  await window.start(id)
  await window.expectState(id, 'failed')
  const result = await window.openTab('Result')
  await expect(result).toContainText(basename(nameOutput(input)))
  await expect(result).toContainText('E_EXISTS')
  expect(await readFile(nameOutput(input), 'utf8')).toBe('old')
  expect((await readdir(folder)).sort()).toEqual([basename(input), basename(nameOutput(input))].sort())
})

test('an output that exists is kept whole until the new one replaces it, which is asked for', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('medium.rtdc')
  const output = nameOutput(input)
  const gate = join(folder, 'gate')
  await writeFile(output, 'old')
  await writeFile(gate, '')
  await setSurroundings(weir.app, { gate, gateAfterBytes: 1e6 })
  const id = await window.addFile(input)
  await window.chooseCollision('replace')
  await window.start(id)
  const question = window.page.getByRole('dialog')
  await expect(question).toContainText(basename(output))
  await question.getByRole('button', { name: 'Replace' }).click()
  await waitForPhase(weir.app, 'copy')
  expect(await readFile(output, 'utf8')).toBe('old')
  await rm(gate)
  await window.expectState(id, 'done')
  expect(await listDifferences(input, output)).toEqual([])
})

test('an output that exists is numbered around, where that was chosen', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('tiny.rtdc')
  await writeFile(nameOutput(input), 'old')
  const id = await window.addFile(input)
  await window.chooseCollision('rename')
  await window.start(id)
  await window.expectState(id, 'done')
  const others = (await readdir(folder)).filter(
    (name) => name !== basename(input) && name !== basename(nameOutput(input)),
  )
  expect(others).toHaveLength(1)
  expect(await listDifferences(input, join(folder, others[0]!))).toEqual([])
  expect(await readFile(nameOutput(input), 'utf8')).toBe('old')
})
