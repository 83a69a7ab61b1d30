import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { listDifferences } from './judge/judge-output.ts'
import { chooseSeed, makeRandom } from './random.ts'
import { isAlive, listJobProcesses, setSurroundings, waitForPhase } from './watch-processes.ts'
import { expect, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

const ROUNDS = 20
const SLOW_DISK = { writeBytesPerSecond: 4e6 }
/** Stored bytes of the output, about: a process that ends before it has written them was in the middle. */
const OUTPUT_BYTES = 6e6
const PROMISED_MS = 3000

test(`P12: a job whose process is lost in ${ROUNDS} ways has failed with a cause within 3 s, and can be started again`, async ({
  weir,
  folder,
  putInput,
}) => {
  test.setTimeout(180_000)
  const random = makeRandom(chooseSeed())
  const window = new WeirWindow(weir)
  const input = await putInput('medium.rtdc')
  const output = nameOutput(input)
  const delays: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const isKilled = round % 2 === 0
    // Every other process ends by itself, with the code that means success.
    await setSurroundings(weir.app, {
      ...SLOW_DISK,
      ...(!isKilled && { exitAfterBytes: random() * OUTPUT_BYTES }),
    })
    const id = await window.addFile(input)
    await window.start(id)
    if (isKilled) {
      await waitForPhase(weir.app, 'copy')
      await wait(random() * 800)
      process.kill((await listJobProcesses(weir.app)).at(-1)!.pid!, 'SIGKILL')
    }
    await window.expectState(id, 'failed')
    const seenAt = Date.now()
    delays.push(seenAt - (await listJobProcesses(weir.app)).at(-1)!.exitedAt!)

    const result = await window.openTab('Result')
    await expect(result).toContainText(/interrupted|ended before it was done/)
    expect(existsSync(output)).toBe(false)
    if (existsSync(`${output}~`)) {
      await expect(result).toContainText(basename(`${output}~`))
      await rm(`${output}~`)
    }
    if (round < ROUNDS - 1) await window.remove(id)
  }
  expect(Math.max(...delays)).toBeLessThan(PROMISED_MS)
  expect(isAlive(weir.app.process().pid!)).toBe(true)

  const [last] = await window.listIds()
  await setSurroundings(weir.app, {})
  await window.pressResult('Try again')
  await window.expectState(last!, 'done')
  expect((await readdir(folder)).sort()).toEqual([basename(input), basename(output)].sort())
  expect(await listDifferences(input, output)).toEqual([])
})

test('a leftover is named, stays as it is until the user lets it go, and then gives way', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('medium.rtdc')
  const leftover = `${nameOutput(input)}~`
  await setSurroundings(weir.app, SLOW_DISK)
  const id = await window.addFile(input)
  await window.start(id)
  await waitForPhase(weir.app, 'copy')
  await expect.poll(() => existsSync(leftover)).toBe(true)
  process.kill((await listJobProcesses(weir.app)).at(-1)!.pid!, 'SIGKILL')
  await window.expectState(id, 'failed')
  const left = await readFile(leftover)
  const result = await window.openTab('Result')
  await expect(result).toContainText(basename(leftover))
  // The plain retry does not overwrite it in silence.
  await setSurroundings(weir.app, {})
  await window.pressResult('Try again')
  await expect.poll(async () => (await listJobProcesses(weir.app)).length).toBe(2)
  await window.expectState(id, 'failed')
  expect(await readFile(leftover)).toEqual(left)
  await window.pressResult('Start again and replace')
  await expect(window.page.getByRole('dialog')).toContainText(basename(leftover))
  await window.answerReplace('Keep them')
  expect(await readFile(leftover)).toEqual(left)
  await window.pressResult('Start again and replace')
  await window.answerReplace('Start again and replace')
  await window.expectState(id, 'done')
  expect(existsSync(leftover)).toBe(false)
  expect(await listDifferences(input, nameOutput(input))).toEqual([])
})
