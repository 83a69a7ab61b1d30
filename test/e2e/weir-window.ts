import type { Locator, Page } from '@playwright/test'
import type { QueueRow } from '../../src-preload/contract.ts'
import { answerDialogs } from './answer-dialogs.ts'
import type { RunningWeir } from './launch-weir.ts'
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

  async openTab(name: 'Settings' | 'Contents' | 'Result'): Promise<Locator> {
    await this.page.getByRole('tab', { name, exact: true }).click()
    return this.page.getByRole('tabpanel', { name, exact: true })
  }
}
