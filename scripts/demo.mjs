// `npm run demo [-- FILE...]`: makes a sample measurement, rewrites it and the named files, verifies, reports; takes a
// picture of the window. Everything lies in .cache/demo afterwards.
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join, parse, relative, resolve } from 'node:path'
import { withVirtualDisplay } from './display.mjs'
import { cacheFolder, projectFolder, Refusal, runScript, say } from './project.mjs'
import { isRoot } from './run-command.mjs'
import { runWeir, runWeirOnce } from './run-weir.mjs'
import { setUpWindow } from './set-up-all.mjs'

const demoFolder = join(cacheFolder, 'demo')
const sampleFrames = 2000

await runScript(async () => {
  const callerFolder = process.env.INIT_CWD ?? process.cwd()
  const named = process.argv.slice(2).map((path) => resolve(callerFolder, path))
  const electron = await setUpWindow()
  await mkdir(demoFolder, { recursive: true })
  const rows = [await makeSample()]
  for (const [index, input] of [rows[0].output, ...named].entries()) rows.push(await rewrite(input, index))
  const picture = await photographWindow(electron)
  const report = describe(rows, picture)
  await writeFile(join(demoFolder, 'report.txt'), report)
  process.stdout.write(report)
  return rows.every((row) => row.failure === undefined) && picture.failure === undefined ? 0 : 1
})

async function makeSample() {
  say(`recording ${sampleFrames} frames of the simulated instrument, without compression`)
  const output = join(demoFolder, 'sample.rtdc')
  const options = ['--simulate', String(sampleFrames), '--compression', 'none', '--overwrite']
  const result = await runWeirOnce(['record', '--out', output, ...options])
  return {
    what: 'record --simulate',
    output,
    events: result.events,
    bytes: await measure(output),
    seconds: result.seconds,
    verification: result.verification,
  }
}

/** A row of the report; what was refused or failed is told there, in Weir's words. */
async function rewrite(input, index) {
  say(`rewriting ${input}`)
  const name = `${parse(input).name}-rewritten${index === 0 ? '' : `-${index}`}.rtdc`
  const output = join(demoFolder, name)
  try {
    const result = await runWeirOnce(['rewrite', input, '--out', output, '--overwrite'])
    const [bytesIn, bytes] = [await measure(input), await measure(output)]
    const check = await runWeir(['verify', output])
    const findings = check.results.flatMap((object) => object.findings ?? [])
    return {
      what: 'rewrite',
      input,
      output,
      events: result.events,
      bytesIn,
      bytes,
      seconds: result.seconds,
      verification: result.verification,
      verifyCode: check.code,
      findings,
      warnings: result.warnings,
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { what: 'rewrite', input, output, failure: error.message }
  }
}

/** The start page, as a user sees it; a window that cannot be shown does not spoil the rest of the demo. */
async function photographWindow(electron) {
  const path = join(demoFolder, 'window.png')
  say('opening the window on a virtual display for a picture of it')
  try {
    await withVirtualDisplay((display) => photograph(electron, display, path))
    return { path }
  } catch (error) {
    return { path, failure: error.message }
  }
}

async function photograph(electron, display, path) {
  const { _electron } = await import('@playwright/test')
  const settings = join(demoFolder, 'window-settings')
  const app = await _electron.launch({
    executablePath: electron.program,
    args: [projectFolder, `--user-data-dir=${settings}`, ...(isRoot() ? ['--no-sandbox'] : [])],
    env: { ...process.env, ...display },
    timeout: 60_000,
  })
  try {
    const page = await app.firstWindow({ timeout: 60_000 })
    await page.getByText('Electron').waitFor({ timeout: 30_000 })
    await page.screenshot({ path })
  } finally {
    await app.close()
  }
}

async function measure(path) {
  return (await stat(path)).size
}

function describe(rows, picture) {
  const lines = rows.flatMap(describeRow)
  const window = picture.failure === undefined ? show(picture.path) : `NOT SHOWN: ${picture.failure}`
  return ['', 'Weir demo', '', ...lines, 'window', `  picture       ${window}`, ''].join('\n')
}

function describeRow(row) {
  const head = row.input === undefined ? row.what : `${row.what} ${show(row.input)}`
  if (row.failure !== undefined) return [head, `  FAILED        ${row.failure}`, '']
  const before = row.bytesIn === undefined ? [] : [`  input         ${formatMegabytes(row.bytesIn)}`]
  const ratio = row.bytesIn === undefined ? '' : `, ratio ${(row.bytesIn / row.bytes).toFixed(2)}`
  return [
    head,
    `  output        ${show(row.output)}`,
    `  events        ${row.events}`,
    ...before,
    `  size          ${formatMegabytes(row.bytes)}${ratio}`,
    `  time          ${row.seconds.toFixed(2)} s`,
    `  verification  ${row.verification}, passed${describeSecondLook(row)}`,
    ...(row.warnings ?? []).map((warning) => `  warning       ${warning.code}: ${warning.message}`),
    '',
  ]
}

/** What `weir verify` says of the finished file. */
function describeSecondLook(row) {
  if (row.findings === undefined) return ''
  const serious = row.findings.filter(
    (finding) => finding.level === 'damage' || finding.level === 'violation',
  )
  const told = serious.map((finding) => `${finding.level} ${finding.code} ${finding.object ?? ''}`.trim())
  const others = row.findings.length - serious.length
  return `; weir verify: ${told.length === 0 ? 'no damage, no violation' : told.join(', ')}, ${others} lesser remarks`
}

function formatMegabytes(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`
}

function show(path) {
  const short = relative(projectFolder, path)
  return short.startsWith('..') ? path : short
}
