import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { answerDialogs, listAskedMessages } from './answer-dialogs.ts'
import { listDifferences } from './judge/judge-output.ts'
import { closeWeir, launchWeir, listStartArguments, nameProgram } from './launch-weir.ts'
import { isAlive, listJobProcesses, setSurroundings, waitForPhase } from './watch-processes.ts'
import { expect, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

const SLOW_DISK = { writeBytesPerSecond: 2e6 }
const CHILDREN_END_MS = 5000

async function startSecond(userDataFolder: string, ...given: readonly string[]): Promise<number | null> {
  const second = spawn(nameProgram(), [...listStartArguments(userDataFolder), ...given], { stdio: 'ignore' })
  const [code] = (await once(second, 'exit')) as [number | null]
  return code
}

test('P17: a second start brings the first window up instead', async ({ weir: { app }, userDataFolder }) => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
  expect(await startSecond(userDataFolder)).toBe(0)
  await expect
    .poll(() =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible())),
    )
    .toEqual([true])
})

test('S21: a second start hands its files over, and nothing of it is taken for a switch', async ({
  weir,
  userDataFolder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('tiny.rtdc')
  const odd = await putInput('tiny.rtdc', '--help.rtdc')
  expect(await startSecond(userDataFolder, '--remote-allow-origins=*', '--js-flags=--expose-gc', input)).toBe(
    0,
  )
  await expect(window.rows).toHaveCount(1)
  await expect(window.rows.first()).toContainText('tiny')
  expect(await startSecond(userDataFolder, '--', odd)).toBe(0)
  await expect(window.rows).toHaveCount(2)
  expect(await weir.page.evaluate(() => typeof Reflect.get(globalThis, 'gc'))).toBe('undefined')
})

test('S21: a first start takes the files of its command line', async ({ userDataFolder, putInput }) => {
  const weir = await launchWeir(userDataFolder, { files: [await putInput('tiny.rtdc')] })
  await expect(new WeirWindow(weir).rows).toHaveCount(1)
  await closeWeir(weir)
})

test('P15: to quit in the middle asks; kept running, the job goes on; stopped, it is offered again', async ({
  userDataFolder,
  putInput,
}) => {
  const input = await putInput('large.rtdc')
  const weir = await launchWeir(userDataFolder)
  const window = new WeirWindow(weir)
  await setSurroundings(weir.app, SLOW_DISK)
  const id = await window.addFile(input)
  await window.start(id)
  await waitForPhase(weir.app, 'copy')
  await answerDialogs(weir.app, { button: 'Keep' })
  await closeWindow(weir.app)
  await expect.poll(async () => (await listAskedMessages(weir.app)).length).toBe(1)
  await window.expectState(id, 'running')
  const pids = (await listJobProcesses(weir.app)).map(({ pid }) => pid!)
  await answerDialogs(weir.app, { button: 'Stop' })
  const ended = once(weir.app.process(), 'exit')
  await closeWindow(weir.app)
  await ended
  expect(pids.filter(isAlive)).toEqual([])
  expect(existsSync(nameOutput(input))).toBe(false)
  expect(existsSync(`${nameOutput(input)}~`)).toBe(false)

  const again = await launchWeir(userDataFolder)
  const next = new WeirWindow(again)
  await expect(next.unfinishedBanner).toContainText(basename(input))
  await next.unfinishedBanner.getByRole('button', { name: 'Resume' }).click()
  await next.expectState(id, 'done')
  expect(await listDifferences(input, nameOutput(input))).toEqual([])
  await closeWeir(again)
})

test('P15: quitting when the running jobs are done leaves whole outputs', async ({
  userDataFolder,
  folder,
  putInput,
}) => {
  const input = await putInput('medium.rtdc')
  const gate = join(folder, 'gate')
  await writeFile(gate, '')
  const weir = await launchWeir(userDataFolder)
  const window = new WeirWindow(weir)
  await setSurroundings(weir.app, { gate, gateAfterBytes: 1e6 })
  const id = await window.addFile(input)
  await window.start(id)
  await waitForPhase(weir.app, 'copy')
  await answerDialogs(weir.app, { button: 'Quit when' })
  const ended = once(weir.app.process(), 'exit')
  await closeWindow(weir.app)
  await expect.poll(async () => (await listAskedMessages(weir.app)).length).toBe(1)
  await rm(gate)
  await ended
  expect(await listDifferences(input, nameOutput(input))).toEqual([])
})

test('P13: when main is killed its children end within 5 s, and the next start names what is left', async ({
  userDataFolder,
  putInput,
}) => {
  test.setTimeout(180_000)
  const inputs = [await putInput('large.rtdc'), await putInput('medium.rtdc')]
  const weir = await launchWeir(userDataFolder)
  const window = new WeirWindow(weir)
  await setSurroundings(weir.app, SLOW_DISK)
  const ids = await window.addFiles(...inputs)
  for (const id of ids) await window.start(id)
  await waitForPhase(weir.app, 'copy')
  const pids = (await listJobProcesses(weir.app)).map(({ pid }) => pid!)
  const main = weir.app.process()
  const ended = once(main, 'exit')
  main.kill('SIGKILL')
  await ended
  await expect.poll(() => pids.filter(isAlive), { timeout: CHILDREN_END_MS }).toEqual([])

  const again = await launchWeir(userDataFolder)
  const next = new WeirWindow(again)
  await expect(next.unfinishedBanner).toContainText(basename(inputs[0]!))
  const leftovers = inputs.map((input) => `${nameOutput(input)}~`).filter((path) => existsSync(path))
  for (const path of leftovers) await expect(next.unfinishedBanner).toContainText(basename(path))
  expect(inputs.filter((input) => existsSync(nameOutput(input)))).toEqual([])
  // One ran, the other one only waited; what the first one left itself is no question.
  await expect(next.unfinishedBanner).toContainText('1 job was interrupted:')
  await expect(next.unfinishedBanner).toContainText('1 more had not begun.')
  await next.unfinishedBanner.getByRole('button', { name: 'Resume' }).click()
  for (const id of ids) await next.expectState(id, 'done', 60_000)
  for (const input of inputs) expect(await listDifferences(input, nameOutput(input))).toEqual([])
  await closeWeir(again)
})

function closeWindow(app: ElectronApplication): Promise<void> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
}
