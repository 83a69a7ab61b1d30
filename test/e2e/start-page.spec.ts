import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './launch-weir.ts'

test('opens on the empty state and tells what runs', async ({ weir: { page } }) => {
  await expect(page).toHaveTitle('Weir')
  await expect(page.getByRole('heading', { name: 'Write queue' })).toBeVisible()
  await expect(page.getByText('Empty. No job runs in this window.')).toBeVisible()
  await expect(page.getByRole('contentinfo')).toContainText(/Weir \d+\.\d+\.\d+/)
})

test('offers no button for what cannot be done yet', async ({ weir: { page } }) => {
  const names = await page
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => button.textContent))
  expect(names).toEqual(['Copy', 'Copy', 'Copy', 'Copy', 'Copy'])
  const basins = page.getByRole('listitem').filter({ hasText: 'basins)' })
  await expect(basins).toContainText('not built yet')
})

test('shows commands of a checkout that can be copied', async ({ weir: { page, app } }) => {
  await page.getByRole('button', { name: 'Copy the command: Make files smaller' }).click()
  await expect(page.getByRole('status')).toHaveText('The command is on the clipboard.')
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText())
  expect(copied).toBe('npm run --silent weir -- rewrite sample.rtdc --out smaller.rtdc')
  await expect(page.locator('code', { hasText: 'smaller.rtdc' })).toHaveText(copied)
})

test('says so when a file is dropped on it', async ({ weir: { page } }) => {
  const address = page.url()
  const wasRefused = await page.evaluate(() => {
    const drop = new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() })
    return !document.body.dispatchEvent(drop)
  })
  expect(wasRefused).toBe(true)
  await expect(page.getByRole('status')).toContainText('cannot be dropped here yet')
  expect(page.url()).toBe(address)
})

for (const theme of ['Light', 'Dark'] as const) {
  test(`has no fault that axe knows of, ${theme.toLowerCase()}`, async ({ weir: { page, app } }) => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 720))
    await page.getByText(theme, { exact: true }).click()
    await expect(page.getByRole('radio', { name: theme })).toBeChecked()
    // Legacy mode: axe would open a second page otherwise, and the window never opens one.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
      [],
    )
  })
}

test('fits into 1280 x 720 without scrolling, and into 720 x 480 without scrolling sideways', async ({
  weir: { page, app },
}) => {
  const measure = () =>
    page.evaluate(() => {
      const scrollers = [...document.querySelectorAll<HTMLElement>('main, section, html')]
      return {
        down: scrollers.some((element) => element.scrollHeight > element.clientHeight),
        sideways: scrollers.some((element) => element.scrollWidth > element.clientWidth),
      }
    })
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 720))
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([1280, 720])
  expect(await measure()).toEqual({ down: false, sideways: false })
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(720, 480))
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(720)
  expect((await measure()).sideways).toBe(false)
})

test('remembers the chosen theme and shows it by the keyboard alone', async ({ weir: { page } }) => {
  await page.getByRole('radio', { name: 'System' }).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  await page.reload()
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark')
})
