// The real window, driven as a user would: by its buttons. Only the desktop's own file dialogs are answered from here.
import { join } from 'node:path'
import { projectFolder, say } from '../project.mjs'
import { isRoot } from '../run-command.mjs'

const startLimitMs = 60_000
const describeLimitMs = 60_000
/** Files of tens of gigabytes take their time. */
const runLimitMs = 24 * 3_600_000

export class DemoWindow {
  /** Paths of the pictures taken so far. */
  pictures = []
  /** What the window said of files that it did not take. */
  refused = []

  constructor(app, page, folder) {
    this.app = app
    this.page = page
    this.folder = folder
  }

  static async open(electron, { folder, display }) {
    const { _electron } = await import('@playwright/test')
    const settings = `--user-data-dir=${join(folder, 'window-settings')}`
    const app = await _electron.launch({
      executablePath: electron.program,
      args: [projectFolder, settings, ...(isRoot() ? ['--no-sandbox'] : [])],
      env: { ...process.env, ...display },
      timeout: startLimitMs,
    })
    const page = await app.firstWindow({ timeout: startLimitMs })
    const window = new DemoWindow(app, page, folder)
    await page.getByRole('button', { name: 'Try with a sample' }).waitFor({ timeout: startLimitMs })
    await window.take('1-empty')
    return window
  }

  async addSample() {
    say('Try with a sample: Weir makes a simulated measurement')
    await this.page.getByRole('button', { name: 'Try with a sample' }).click()
    await this.rows.first().waitFor({ timeout: describeLimitMs })
  }

  async addFiles(paths) {
    say(`Add files: ${paths.join(', ')}`)
    await this.answerDialog(paths)
    await this.page.getByRole('button', { name: 'Add files' }).first().click()
    await this.page.waitForFunction(
      (count) =>
        document.querySelectorAll('[data-job-id]').length >= count || document.querySelector('[role=alert]'),
      paths.length + 1,
      { timeout: describeLimitMs },
    )
    const added = new Set((await this.readJobs()).map(({ job }) => job.input))
    this.refused = paths.filter((path) => !added.has(path))
  }

  /** For all jobs at once, so that nothing is written beside somebody's measurements. */
  async chooseOutputFolder(folder) {
    await this.selectAll()
    await this.page.getByRole('tab', { name: 'Settings' }).click()
    const section = this.page
      .getByRole('tabpanel', { name: 'Settings' })
      .locator('details')
      .filter({ has: this.page.getByRole('heading', { name: 'Output', exact: true }) })
    if ((await section.getAttribute('open')) === null) await section.locator('summary').first().click()
    await this.answerDialog([folder])
    await section.getByRole('radio', { name: 'Another folder' }).click()
    await section.getByText(folder).first().waitFor()
    await this.take('2-added')
  }

  async run() {
    say('Start')
    await this.selectAll()
    await this.page.getByRole('button', { name: 'Start', exact: true }).click()
    await this.page.getByRole('button', { name: 'Show the monitor' }).click()
    await this.waitForStates(['running', 'done', 'failed'], 'some')
    await this.take('3-running')
    await this.waitForStates(['done', 'failed', 'cancelled'], 'every')
    await this.page.getByRole('button', { name: 'Hide the monitor' }).click()
    await this.rows.first().click()
    await this.page.getByRole('tab', { name: 'Result' }).click()
    await this.take('4-done')
  }

  /** The rows of the queue, as the page itself is told them. */
  async readJobs() {
    const reply = await this.page.evaluate(() => window.weir.readQueue())
    if (!reply.ok) throw new Error(reply.error.message)
    return reply.value.rows
  }

  get rows() {
    return this.page.locator('[data-job-id]')
  }

  async selectAll() {
    await this.rows.first().click()
    await this.page.getByRole('grid').press('Control+a')
  }

  async waitForStates(states, quantity) {
    await this.page.waitForFunction(
      ([wanted, method]) =>
        [...document.querySelectorAll('[data-job-id]')][method]((row) => wanted.includes(row.dataset.state)),
      [states, quantity],
      { timeout: runLimitMs },
    )
  }

  /** The next dialog for files or folders chooses these. */
  async answerDialog(filePaths) {
    await this.app.evaluate(({ dialog }, paths) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: paths })
    }, filePaths)
  }

  async take(name) {
    const path = join(this.folder, `${name}.png`)
    await this.page.screenshot({ path })
    this.pictures.push(path)
  }

  async untilClosed() {
    await this.app.waitForEvent('close', { timeout: 0 })
  }

  /** Does nothing where the user has closed it. */
  async close() {
    await this.app.close().catch(() => undefined)
  }
}
