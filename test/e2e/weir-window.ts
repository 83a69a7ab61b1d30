import type { Locator, Page } from '@playwright/test'
import type { QueueRow } from '../../src-preload/contract.ts'
import { answerDialogs } from './answer-dialogs.ts'
import type { RunningWeir } from './launch-weir.ts'
import { listJobProcesses } from './watch-processes.ts'
import { expect } from './weir-test.ts'

type JobState = QueueRow['life']['state']

/** What a user does in the window, and sees there. */
export class WeirWindow {
  readonly #weir: RunningWeir

  constructor(weir: RunningWeir) {
    this.#weir = weir
  }

  get page(): Page {
    return this.#weir.page
  }

  get toolbar(): Locator {
    return this.page.getByRole('toolbar')
  }

  get rows(): Locator {
    return this.page.locator('[data-job-id]')
  }

  row(id: string): Locator {
    return this.page.locator(`[data-job-id="${id}"]`)
  }

  /** The gauge of the monitor, not the small ones of the rows. */
  get gauge(): Locator {
    return this.page.locator('[role="meter"]:not([data-job-id] *)').first()
  }

  listIds(): Promise<string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-job-id')!))
  }

  /** Adds files by the button and the system's dialog; gives the ids of their rows. */
  async addFiles(...paths: readonly string[]): Promise<string[]> {
    const before = new Set(await this.listIds())
    await answerDialogs(this.#weir.app, { paths })
    await this.page.getByRole('button', { name: 'Add files' }).first().click()
    await expect(this.rows).toHaveCount(before.size + paths.length)
    return (await this.listIds()).filter((id) => !before.has(id))
  }

  async addFile(path: string): Promise<string> {
    const [id] = await this.addFiles(path)
    return id!
  }

  async select(id: string): Promise<void> {
    await this.row(id).click()
    await expect(this.row(id)).toHaveAttribute('aria-selected', 'true')
  }

  /** Cancels the selected job if it still runs: it may be done before the button is reached. */
  async cancelIfRunning(): Promise<void> {
    await this.page.getByRole('button', { name: 'Cancel', exact: true }).first().click({ force: true })
  }

  /** Presses a button of the toolbar. */
  async press(name: 'Start' | 'Hold' | 'Cancel'): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).first().click()
  }

  async start(id: string): Promise<void> {
    await this.select(id)
    await this.press('Start')
  }

  async cancel(id: string): Promise<void> {
    await this.select(id)
    await this.press('Cancel')
  }

  async remove(id: string): Promise<void> {
    await this.select(id)
    await this.page.keyboard.press('Delete')
    await expect(this.row(id)).toHaveCount(0)
  }

  async expectState(id: string, state: JobState | RegExp, timeout = 30_000): Promise<void> {
    await expect(this.row(id)).toHaveAttribute('data-state', state, { timeout })
  }

  async readState(id: string): Promise<JobState> {
    return (await this.row(id).getAttribute('data-state')) as JobState
  }

  async openTab(name: 'Settings' | 'Contents' | 'Basins' | 'Result'): Promise<Locator> {
    await this.page.getByRole('tab', { name }).click()
    return this.page.getByRole('tabpanel', { name })
  }

  /** Starts a job that waits and sees it end like this. */
  async run(id: string, end: 'done' | 'failed' = 'done'): Promise<void> {
    await this.start(id)
    await this.expectState(id, end, 60_000)
  }

  /** Opens a part of the sheet if it is folded; gives it. */
  async openSection(title: string): Promise<Locator> {
    const sheet = await this.openTab('Settings')
    const section = sheet
      .locator('details')
      .filter({ has: this.page.getByRole('heading', { name: title, exact: true }) })
    if ((await section.getAttribute('open')) === null) await section.locator('summary').first().click()
    return section
  }

  /** Opens every part of a panel that is folded. */
  async openParts(panel: Locator): Promise<void> {
    await panel.locator('details').first().waitFor()
    const closed = panel.locator('details:not([open]) > summary:visible')
    while ((await closed.count()) > 0) await closed.first().click()
  }

  /** Sets a box whose state follows main's answer. */
  async setBox(box: Locator, isChecked: boolean): Promise<void> {
    await box.click()
    await expect(box).toBeChecked({ checked: isChecked })
  }

  /** Chooses a card of the sheet by how its name begins. */
  async chooseCard(section: string, card: string): Promise<void> {
    const part = await this.openSection(section)
    const radio = part.getByRole('radio', { name: new RegExp(`^${card}`) })
    await radio.click()
    await expect(radio).toBeChecked()
  }

  /** Sets zstd and a level by hand. */
  async chooseLevel(level: number): Promise<void> {
    const part = await this.openSection('Compression')
    const codec = part.getByLabel('Codec')
    if (!(await codec.isVisible())) await part.getByText('Expert settings').click()
    await codec.selectOption('zstd')
    const field = part.getByLabel('Level')
    await field.fill(String(level))
    await field.press('Enter')
  }

  async chooseCollision(collision: 'refuse' | 'rename' | 'replace'): Promise<void> {
    const cards = {
      refuse: 'Stop with an error',
      rename: 'Number the new file',
      replace: 'Replace after success',
    }
    await this.chooseCard('Output', cards[collision])
  }

  async pressResult(name: string): Promise<void> {
    const result = await this.openTab('Result')
    await result.getByRole('button', { name, exact: true }).click()
  }

  /** Answers the question of the window whether something may be replaced. */
  async answerReplace(button: string): Promise<void> {
    await this.page.getByRole('dialog').getByRole('button', { name: button }).click()
    await expect(this.page.getByRole('dialog')).toHaveCount(0)
  }

  async openMonitor(): Promise<void> {
    await this.page.getByRole('button', { name: 'Show the monitor' }).click()
  }

  async closeMonitor(): Promise<void> {
    await this.page.getByRole('button', { name: 'Hide the monitor' }).click()
  }

  get unfinishedBanner(): Locator {
    return this.page.getByRole('region', { name: 'Unfinished jobs of the last session' })
  }

  get table(): Locator {
    return this.page.getByRole('grid')
  }

  async setJobsAtOnce(count: number): Promise<void> {
    await this.page.getByLabel('Jobs at once').selectOption(String(count))
  }

  async chooseTheme(theme: 'System' | 'Light' | 'Dark'): Promise<void> {
    await this.page.getByRole('radio', { name: theme }).check({ force: true })
  }

  resize(width: number, height: number): Promise<unknown> {
    return resizeWindow(this.#weir, width, height)
  }

  /** Moves the keyboard forward until this part has it. */
  async tabTo(target: Locator): Promise<void> {
    const hasFocus = () =>
      target.evaluate(
        (element) => element === document.activeElement || element.contains(document.activeElement),
      )
    for (let step = 0; step < 100; step += 1) {
      if (await hasFocus()) return
      await this.page.keyboard.press('Tab')
    }
    throw new Error('a hundred times Tab does not lead there')
  }

  async openRecordForm(): Promise<void> {
    await this.page
      .getByRole('button', { name: /^Record/ })
      .first()
      .click()
    await this.page.getByRole('heading', { name: 'Record' }).waitFor()
  }

  /** Opens the form for a basin file; gives it. */
  async openBasinForm(): Promise<Locator> {
    await this.page
      .getByRole('button', { name: /^Basin file/ })
      .first()
      .click()
    const form = this.page.getByRole('form', { name: 'Basin file' })
    await form.waitFor()
    return form
  }

  /** Adds basins to the form by the system's dialog. */
  async addSources(...paths: readonly string[]): Promise<void> {
    await answerDialogs(this.#weir.app, { paths })
    await this.page.getByRole('button', { name: 'Choose files...' }).click()
  }

  /** Resolves with the ids when the queue has so many rows. */
  async waitForRows(count: number): Promise<string[]> {
    await expect(this.rows).toHaveCount(count)
    return this.listIds()
  }

  /** Records a replay of `source` beside it; gives the id of the row, which is started. */
  async record(source: string, options: { readonly rate?: string } = {}): Promise<string> {
    const { page } = this
    const before = new Set(await this.listIds())
    await this.openRecordForm()
    await answerDialogs(this.#weir.app, { paths: [source] })
    await page.getByRole('button', { name: 'Choose...', exact: true }).click()
    if (options.rate !== undefined) {
      await page.getByRole('radio', { name: 'Frames a second' }).check()
      await page.getByLabel('Frames a second').last().fill(options.rate)
      // Else so many frames wait for their order that none is written for seconds.
      await page.getByText('Expert settings').last().click()
      await page.getByLabel('Reorder buffer').last().fill('10')
    }
    await page.getByRole('button', { name: 'Add to queue' }).click()
    await expect(this.rows).toHaveCount(before.size + 1)
    const id = (await this.listIds()).find((one) => !before.has(one))!
    await this.start(id)
    return id
  }

  /** Resolves when the job that runs has written so many frames. */
  async waitForFrames(count: number): Promise<void> {
    await expect
      .poll(async () => {
        const messages = (await listJobProcesses(this.#weir.app)).at(-1)?.messages ?? []
        const told = messages.flatMap(({ message }) =>
          message.kind === 'progress' ? [message.progress] : [],
        )
        return told.at(-1)?.writtenFrames ?? 0
      })
      .toBeGreaterThanOrEqual(count)
  }
}

async function resizeWindow({ app, page }: RunningWeir, width: number, height: number): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height),
    { width, height },
  )
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height])
}
