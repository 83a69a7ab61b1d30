import { inspectFile } from './judge/inspect.ts'
import { listContents } from './judge/judge-output.ts'
import { expect, hasRealInputs, nameOutput, test } from './weir-test.ts'
import { WeirWindow } from './weir-window.ts'

/** Settings that are made in the window, as they arrive in the output. */

test('scalar features only: the output has these and no other', async ({ weir, putInput }) => {
  const window = new WeirWindow(weir)
  const input = await putInput('small.rtdc')
  const id = await window.addFile(input)
  await window.chooseCard('What to keep', 'Scalar only')
  await window.run(id)
  const before = await inspectFile(input)
  const after = await inspectFile(nameOutput(input))
  const scalars = before.features.filter(({ shape }) => shape.length === 1).map(({ name }) => name)
  expect(scalars.length).toBeLessThan(before.features.length)
  expect(after.features.map(({ name }) => name)).toEqual(scalars)
})

test('chosen features: what was ticked is there with its values, what was not is not', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('small.rtdc')
  const kept = ['area_um', 'deform', 'mask']
  const others = (await inspectFile(input)).features
    .map(({ name }) => name)
    .filter((name) => !kept.includes(name))
  const id = await window.addFile(input)
  const sheet = await window.openTab('Settings')
  const list = sheet.getByRole('list', { name: 'Features to keep' })
  for (const name of others) await window.setBox(list.getByRole('checkbox', { name, exact: true }), false)
  await expect(sheet.getByText(/^3 of \d+ features kept/)).toBeVisible()
  await window.run(id)
  const after = await inspectFile(nameOutput(input))
  expect(after.features.map(({ name }) => name).sort()).toEqual(kept)
  const [source, output] = [await listContents(input), await listContents(nameOutput(input))]
  for (const name of kept) {
    expect(output[`/events/${name}`]).toBe(source[`/events/${name}`])
  }
})

test('a range of events: counted while it is typed, bad input said in place, and so many in the output', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('small.rtdc')
  const { events } = await inspectFile(input)
  const id = await window.addFile(input)
  const sheet = await window.openTab('Settings')
  await window.chooseCard('Events', 'A range')
  await sheet.getByLabel('From event').fill('10')
  await sheet.getByLabel('To event (not included)').fill('60')
  await sheet.getByLabel('Every n-th').fill('ten')
  await expect(sheet.getByText(/write a whole number/)).toBeVisible()
  await sheet.getByLabel('Every n-th').fill('5')
  await expect(sheet.getByText(`10 of ${events} events`)).toBeVisible()
  await window.run(id)
  expect((await inspectFile(nameOutput(input))).events).toBe(10)
})

test('compression: what it is to be good for is in the row and in the plan of the output', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('medium.rtdc')
  const id = await window.addFile(input)
  await expect(window.row(id)).toContainText('balanced, all features')
  await window.chooseCard('Compression', 'Small')
  await expect(window.row(id)).toContainText('small, all features')
  const section = await window.openSection('Compression')
  await window.setBox(section.getByRole('checkbox', { name: 'Smaller and faster still' }), true)
  await expect(window.row(id)).toContainText('small, by frame, all features')
  await window.run(id)
  const image = (await inspectFile(nameOutput(input))).features.find(({ name }) => name === 'image')
  const zstd = { id: 32015, name: 'zstd', values: [5] }
  const told = image?.filters.find(({ name }) => name === 'zstd')
  const byFrame = told?.order === 'frame' ? [{ id: 2, name: 'shuffle', isByFrame: true }] : []
  expect(image?.filters).toMatchObject([...byFrame, zstd, { id: 3, name: 'fletcher32' }])
  expect(told?.encoder).toMatch(/^(level|fast)/)
})

test('compression set by hand: codec and level are in the output, and no card is chosen', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const input = await putInput('medium.rtdc')
  const id = await window.addFile(input)
  await window.chooseLevel(1)
  await expect(window.row(id)).toContainText('zstd 1')
  const section = await window.openSection('Compression')
  await expect(section.getByRole('radio', { checked: true })).toHaveCount(0)
  await expect(section.getByRole('checkbox', { name: 'Smaller and faster still' })).toHaveCount(0)
  await expect(section.getByText('dclab and DCOR expect')).toBeVisible()
  await window.run(id)
  const { features } = await inspectFile(nameOutput(input))
  expect(features.find(({ name }) => name === 'image')?.filters).toEqual([
    { id: 32015, name: 'zstd', values: [1] },
    { id: 3, name: 'fletcher32', values: [] },
  ])
})

test('metadata switched off stays out, and the log of what Weir did is there', async ({ weir, putInput }) => {
  const window = new WeirWindow(weir)
  const input = await putInput(
    hasRealInputs() ? 'real/dclab_fmt-hdf5_raw-cytoshot-exported.rtdc' : 'small.rtdc',
  )
  const before = await inspectFile(input)
  const id = await window.addFile(input)
  const metadata = await window.openSection('Metadata')
  for (const part of ['Logs', 'Tables']) {
    await window.setBox(metadata.getByRole('checkbox', { name: part, exact: true }), false)
  }
  await window.run(id)
  const after = await inspectFile(nameOutput(input))
  expect(before.logs.length).toBeGreaterThan(0)
  expect(after.logs.map(({ name }) => name)).toEqual(['weir-rewrite'])
  expect(after.tables).toEqual([])
  expect(after.attributes['setup:identifier']).toBe(before.attributes['setup:identifier'])
})

test('metadata left on arrives: logs with their lines, tables, attributes', async ({ weir, putInput }) => {
  const window = new WeirWindow(weir)
  const input = await putInput(
    hasRealInputs() ? 'real/dcnum_fmt-hdf5_shapein_raw-with-variable-length-logs.rtdc' : 'small.rtdc',
  )
  const id = await window.addFile(input)
  await window.run(id)
  const [before, after] = [await inspectFile(input), await inspectFile(nameOutput(input))]
  const names = after.logs.map(({ name }) => name)
  expect(before.logs.filter(({ name }) => !names.includes(name))).toEqual([])
})

test('several rows: only what is touched changes, and what differs is called mixed', async ({
  weir,
  putInput,
}) => {
  const window = new WeirWindow(weir)
  const [one, two] = [await putInput('tiny.rtdc'), await putInput('small.rtdc')]
  const ids = await window.addFiles(one, two)
  await window.select(ids[0]!)
  await window.chooseCard('Compression', 'Fast')
  await window.select(ids[1]!)
  await window.chooseLevel(9)
  await window.table.press('Control+a')
  const sheet = await window.openTab('Settings')
  await expect(sheet.getByText('mixed').first()).toBeVisible()
  await window.chooseCard('What to keep', 'Scalar only')
  await expect(window.row(ids[0]!)).toContainText('fast, scalar features')
  await expect(window.row(ids[1]!)).toContainText('zstd 9, scalar features')
  for (const id of ids) await window.run(id)
  const zstds = await Promise.all(
    [one, two].map(async (input) =>
      (await inspectFile(nameOutput(input))).features[0]?.filters.find(({ name }) => name === 'zstd'),
    ),
  )
  expect(zstds.map((zstd) => zstd?.values)).toEqual([[5], [9]])
})
