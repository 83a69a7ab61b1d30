import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { listFindings } from './judge/judge-output.ts'
import { closeWeir, launchWeir } from './launch-weir.ts'
import { listProcesses } from './watch-processes.ts'
import { expect, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** Content of files that would do harm if the window took it for more than text, or followed it. */

/** As files/add-hostile-content.mjs has it. */
const HOSTILE_TEXT = '<img src=x onerror="window.wasInjected=1">'

test('S12: HTML in a file is text in every view', async ({ weir, putInput }) => {
  const window = new WeirWindow(weir)
  const { page } = window
  const id = await window.addFile(await putInput('hostile.rtdc', '<img src=x onerror=alert(1)> & co.rtdc'))
  const views: Record<string, number> = {}
  const count = async (view: string): Promise<void> => {
    views[view] = await page.getByText('<img src=x').count()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.evaluate(() => Reflect.has(globalThis, 'wasInjected'))).toBe(false)
  }
  await expect(window.row(id)).toContainText('<img src=x onerror=alert(1)> & co')
  await count('queue')
  const sheet = await window.openTab('Settings')
  await window.openParts(sheet)
  await expect(sheet.getByText('<img src=x').first()).toBeVisible()
  await count('settings')
  const contents = await window.openTab('Contents')
  await expect(contents.getByText(HOSTILE_TEXT).first()).toBeAttached()
  await window.openParts(contents)
  await count('contents')
  await window.run(id)
  await window.openTab('Result')
  await count('result')
  await window.openMonitor()
  await count('monitor')
  expect(Object.entries(views).filter(([, found]) => found === 0)).toEqual([])
})

test('S23: links and basins that lead out are listed and not followed; what was not confirmed is not looked for', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  await window.addFile(await putInput('hostile.rtdc'))
  const contents = await window.openTab('Contents')
  await window.openParts(contents)
  await expect(contents.getByText(/absent-folder/).first()).toBeVisible()
  await expect(contents.getByText('Not looked for').first()).toBeVisible()
  await expect(contents.getByText('On the network').first()).toBeVisible()
  await expect(contents.getByText(/\/events\/linked/).first()).toBeAttached()
})

test('S18, S22: a job process gets a reduced environment, a fixed folder and no way to load plugins', async ({
  userDataFolder,
  putInput,
}) => {
  process.env['HDF5_PLUGIN_PATH'] = '/absent-folder/plugins'
  process.env['WEIR_SECRET'] = 'not for jobs'
  const weir = await launchWeir(userDataFolder)
  delete process.env['HDF5_PLUGIN_PATH']
  delete process.env['WEIR_SECRET']
  const window = new WeirWindow(weir)
  const input = await putInput('tiny.rtdc')
  await window.run(await window.addFile(input))
  await window.openTab('Contents')
  const processes = await listProcesses(weir.app)
  expect(processes.map(({ program }) => program)).toEqual(
    expect.arrayContaining(['job-process.js', 'reader-process.js']),
  )
  for (const { environment, options } of processes) {
    expect(environment.filter((name) => /HDF5|NODE_|WEIR_|ELECTRON/.test(name))).toEqual([])
    expect(options.cwd).toBeDefined()
    expect(options.stdio).toEqual(['ignore', 'ignore', 'pipe'])
  }
  await closeWeir(weir)
})

test('files that are no measurements are refused with a reason in plain words, and the queue goes on', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const text = join(folder, 'table.rtdc')
  await writeFile(text, 'time,deform\n'.repeat(1000))
  const empty = join(folder, 'empty.rtdc')
  await writeFile(empty, '')
  const good = await putInput('tiny.rtdc')
  const ids = await window.addFiles(text, empty, good)
  for (const id of ids) await window.start(id)
  await window.expectState(ids[0]!, 'failed')
  await window.expectState(ids[1]!, 'failed')
  await window.expectState(ids[2]!, 'done')
  await window.select(ids[0]!)
  await expect(await window.openTab('Result')).toContainText(basename(text))
  await expect(await window.openTab('Result')).toContainText(/not an HDF5 file/i)
  await window.select(ids[1]!)
  await expect(await window.openTab('Result')).toContainText(/empty/i)
  expect(await listFindings(nameOutput(good))).toEqual([])
})
