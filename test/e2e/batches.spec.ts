import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Locator } from '@playwright/test'
import { answerDialogs } from './answer-dialogs.ts'
import { closeWeir, launchWeir, type RunningWeir } from './launch-weir.ts'
import { inspectFile } from './judge/inspect.ts'
import { askOtherJudge, hasOtherJudge, listDifferences, listNewFindings } from './judge/judge-output.ts'
import { expect, hasRealInputs, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** Many files at once: names that are tried before they are given, folders that are kept, events from a list. */

/** Real measurements where there are some; simulated ones take their place. */
const TREE = hasRealInputs()
  ? {
      'M001.rtdc': 'real/dclab_fmt-hdf5_fl_2018.rtdc',
      'chip 1/M001.rtdc': 'real/dclab_fmt-hdf5_image-bg_2020.rtdc',
      'chip 1/flow/M002.rtdc': 'real/dclab_fmt-hdf5_raw-cytoshot-exported.rtdc',
    }
  : {
      'M001.rtdc': 'tiny.rtdc',
      'chip 1/M001.rtdc': 'small.rtdc',
      'chip 1/flow/M002.rtdc': 'medium.rtdc',
    }

interface Started {
  readonly window: WeirWindow
  readonly weir: RunningWeir
}

type PutInput = (input: string, name?: string) => Promise<string>

/** A day's folder of measurements, by their names in it. */
async function makeTree(folder: string, putInput: PutInput): Promise<Record<string, string>> {
  const paths: Record<string, string> = {}
  for (const [name, input] of Object.entries(TREE)) {
    await mkdir(dirname(join(folder, 'day 1', name)), { recursive: true })
    paths[name] = await putInput(input, join('day 1', name))
  }
  return paths
}

async function addFolder({ window, weir }: Started, path: string, count: number): Promise<void> {
  await answerDialogs(weir.app, { paths: [path] })
  await window.page.getByRole('button', { name: 'Add folder' }).first().click()
  await expect(window.rows).toHaveCount(count)
  await expect(window.page.locator('[data-job-id][aria-selected="true"]')).toHaveCount(count)
}

/** What the list of names says, a line for each output: input, output, remarks. */
async function readNames(dialog: Locator): Promise<string[]> {
  const rows = await dialog.getByTestId('previewed-name').all()
  return Promise.all(
    rows.map(async (row) => {
      const cells = await row.getByRole('cell').all()
      return (await Promise.all(cells.map((cell) => cell.innerText()))).join(' | ').replaceAll('\n', ' ')
    }),
  )
}

async function listTree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

test('a tree of measurements: names tried and seen before they are given, folders kept, every output whole', async ({
  weir,
  folder,
  putInput,
}) => {
  test.setTimeout(180_000)
  const window = new WeirWindow(weir)
  const paths = await makeTree(folder, putInput)
  const out = join(folder, 'out')
  await mkdir(out)
  await addFolder({ window, weir }, join(folder, 'day 1'), 3)

  await answerDialogs(weir.app, { paths: [out] })
  await window.chooseCard('Output', 'Another folder')
  const output = await window.openSection('Output')
  await window.setBox(output.getByRole('checkbox', { name: 'Keep the folders of the input' }), true)
  await output.getByRole('button', { name: 'Preview names...' }).click()
  const dialog = weir.page.getByRole('dialog')
  await expect(dialog.getByTestId('previewed-name')).toHaveCount(3)
  await expect(dialog.getByText('No name changes.')).toBeVisible()
  const name = dialog.getByLabel('Name', { exact: true })
  await name.fill('{day}')
  await expect(dialog.getByText('In braces there can only be one of the words below.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Apply' })).toHaveAttribute('aria-disabled', 'true')
  await name.fill('{n}_{stem}_small')
  await expect(dialog.getByText('3 of 3 names change.')).toBeVisible()
  expect(await readNames(dialog)).toEqual([
    expect.stringMatching(/M001\.rtdc .*day 1 \| 1_M001_small\.rtdc in ….day 1 \| new folder/),
    expect.stringMatching(/M001\.rtdc .*chip 1 \| 2_M001_small\.rtdc in ….day 1.chip 1 \| new folder/),
    expect.stringMatching(/M002\.rtdc .*flow \| 3_M002_small\.rtdc in ….day 1.chip 1.flow \| new folder/),
  ])
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await expect(dialog).toHaveCount(0)

  expect(await listTree(out)).toEqual([])
  await window.press('Start')
  for (const id of await window.listIds()) await window.expectState(id, 'done', 90_000)
  const expected = {
    'M001.rtdc': '1_M001_small.rtdc',
    'chip 1/M001.rtdc': 'chip 1/2_M001_small.rtdc',
    'chip 1/flow/M002.rtdc': 'chip 1/flow/3_M002_small.rtdc',
  }
  expect(await listTree(out)).toEqual(
    Object.values(expected)
      .map((path) => join('day 1', path))
      .sort(),
  )
  for (const [input, path] of Object.entries(expected)) {
    const [source, written] = [paths[input]!, join(out, 'day 1', path)]
    expect(await listDifferences(source, written)).toEqual([])
    expect(await listNewFindings(source, written)).toEqual([])
    if (hasOtherJudge()) expect(await askOtherJudge(source, written)).toBe('')
  }
})

test('names that collide are numbered and said to be, what exists is named, and cancel changes nothing', async ({
  weir,
  folder,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  await makeTree(folder, putInput)
  const out = join(folder, 'out')
  await mkdir(out)
  await writeFile(join(out, 'all.rtdc'), 'somebody else has this name')
  await addFolder({ window, weir }, join(folder, 'day 1'), 3)
  const output = await window.openSection('Output')
  await output.getByRole('button', { name: 'Preview names...' }).click()
  const dialog = weir.page.getByRole('dialog')
  await answerDialogs(weir.app, { paths: [out] })
  await dialog.getByRole('button', { name: 'Choose a folder...' }).click()
  await dialog.getByLabel('Name', { exact: true }).fill('all')
  await expect(dialog.getByText('exists: the job will stop')).toBeVisible()
  await expect(dialog.getByText('1 job would be refused.')).toBeVisible()
  await expect(dialog.getByText('numbered: another job has the name')).toHaveCount(2)
  await dialog.getByLabel('If a file of that name is there').selectOption('rename')
  await expect(dialog.getByText('numbered: a file has the name')).toHaveCount(3)
  expect((await readNames(dialog)).map((line) => /all\S*/.exec(line)?.[0])).toEqual([
    'all_2.rtdc',
    'all_3.rtdc',
    'all_4.rtdc',
  ])
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(output.getByLabel('Name', { exact: true })).toHaveValue('{stem}_weir')
  await expect(output.getByRole('radio', { name: 'Beside the input' })).toBeChecked()
  expect(await listTree(out)).toEqual(['all.rtdc'])
})

test('a list of events: counted, said to go too far, mended, kept over a restart, and taken in its order', async ({
  userDataFolder,
  folder,
  putInput,
}) => {
  test.setTimeout(120_000)
  const input = await putInput('small.rtdc')
  const { events } = await inspectFile(input)
  const list = join(folder, 'chosen events.txt')
  await writeFile(list, `# by hand\n7\n3\n3\n${events}\n`)
  const first = await launchWeir(userDataFolder)
  const window = new WeirWindow(first)
  await answerDialogs(first.app, {})
  const id = await window.addFile(input)
  await answerDialogs(first.app, { paths: [] })
  const section = await window.openSection('Events')
  await section.getByRole('radio', { name: 'From a list' }).click()
  await expect(section.getByRole('radio', { name: 'All events' })).toBeChecked()
  await answerDialogs(first.app, { paths: [list] })
  await window.chooseCard('Events', 'From a list')
  await expect(section.getByText('chosen events.txt')).toBeVisible()
  await expect(section.getByText(`Line 5 of the list asks for event ${events}`)).toBeVisible()
  await writeFile(list, '7\n3\n3\nthree\n')
  await section.getByRole('button', { name: 'Read again' }).click()
  await expect(section.getByText(/"three" is not an event index/)).toBeVisible()
  await writeFile(list, '7\n3 # twice\n3\n')
  await section.getByRole('button', { name: 'Read again' }).click()
  await expect(section.getByText('3 events in the list, numbers 3 to 7')).toBeVisible()
  await expect(section.getByText(`3 of ${events} events`)).toBeVisible()
  await expect(window.row(id)).toHaveAttribute('data-state', 'waiting')
  await closeWeir(first)

  const second = await launchWeir(userDataFolder)
  const again = new WeirWindow(second)
  await again.select(id)
  const kept = await again.openSection('Events')
  await expect(kept.getByText('3 events in the list, numbers 3 to 7')).toBeVisible()
  await again.run(id)
  await closeWeir(second)
  const after = await inspectFile(input.replace('.rtdc', '_weir.rtdc'))
  expect(after.events).toBe(3)
  expect(String(after.attributes['experiment:run identifier'])).toMatch(/_weir-[0-9a-f]{7}$/)
})
