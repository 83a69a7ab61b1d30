// The steps of `npm test`: each runs a part of the tests and counts them.
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withVirtualDisplay } from './display.mjs'
import { ensurePack } from './pack/packs.mjs'
import { cacheFolder, Refusal, say } from './project.mjs'
import { runCommand } from './run-command.mjs'
import { ensureElectron } from './setup/electron.mjs'
import { ensureNodeRelease } from './setup/node-release.mjs'
import { ensureDisplayPackages } from './setup/system-packages.mjs'

const reportFolder = join(cacheFolder, 'test')
const runningMajor = Number(process.versions.node.split('.')[0])
/** Weir supports Node 20.19 and newer; the tests run on the oldest and on the one that Electron brings. */
const otherMajor = runningMajor === 24 ? 20 : 24

/** Colours are for a terminal, not for a log file. */
const plainEnvironment = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }

/** @typedef {{ name: string, passed: number, failed: number, seconds: number }} StepResult */

/** Steps in their order, by the name that selects them on the command line. */
export const testSteps = {
  unit: () => runVitest(`unit-node-${runningMajor}`, { project: 'unit' }),
  'unit-other-node': () => runOnOtherNode('unit'),
  layering: () => runVitest('layering', { project: 'layering' }),
  blackbox: () => runVitest('blackbox', { project: 'blackbox' }),
  library: () => runVitest(`library-node-${runningMajor}`, { project: 'library' }),
  'library-other-node': () => runOnOtherNode('library'),
  pack: runPacked,
  'pack-blackbox': runPackedCommandLine,
  e2e: runEndToEnd,
  'e2e-built': runEndToEndBuilt,
}

async function runOnOtherNode(project) {
  const program = await ensureNodeRelease(otherMajor)
  const name = `${project}-node-${otherMajor}`
  if (program !== undefined) return runVitest(name, { project, program })
  say(
    `${name}: no Node ${otherMajor} is pinned for ${process.platform}-${process.arch}; the step counts as failed`,
  )
  return { name, passed: 0, failed: 1, seconds: 0 }
}

/** The shipping pack from outside: fuses, content, refusals, command line, self-test. */
async function runPacked() {
  const electron = await ensureElectron()
  await ensureDisplayPackages(electron.program)
  const env = { WEIR_SHIPPING_PACK: await ensurePack('shipping', electron) }
  return withVirtualDisplay((display) =>
    runVitest('pack', { project: 'packed', env: { ...env, ...display } }),
  )
}

/** Every test of the command line once more, on that of the shipping pack; there is no display. */
async function runPackedCommandLine() {
  const electron = await ensureElectron()
  await ensureDisplayPackages(electron.program)
  const env = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined }
  const program = await ensurePack('shipping', electron)
  return runVitest('pack-blackbox', { project: 'blackbox', env: { ...env, WEIR_PACKED_PROGRAM: program } })
}

async function runVitest(name, { project, program = process.execPath, env = {} }) {
  const report = await prepareReport(name)
  const { code, seconds } = await runCommand(
    program,
    [
      join('node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { env: { ...plainEnvironment, ...env } },
  )
  return countVitest(name, { report, code, seconds })
}

async function countVitest(name, { report, code, seconds }) {
  const counts = await readReport(report)
  const passed = counts?.numPassedTests ?? 0
  return { name, passed, failed: countFailed(counts?.numFailedTests ?? 0, passed, code), seconds }
}

/** Everything on the packed application, as users have it. */
async function runEndToEnd() {
  const electron = await ensureElectron()
  const testPack = await ensurePack('test', electron)
  return runPlaywright('e2e', electron, { env: { WEIR_TEST_PACK: testPack } })
}

/** The main path, what lasts and the locks once more on the build in out/, as a checkout starts it. */
async function runEndToEndBuilt() {
  const specs = ['write-queue', 'sessions', 'locked-down']
  return runPlaywright('e2e-built', await ensureElectron(), { specs })
}

async function runPlaywright(name, electron, { env = {}, specs = [] }) {
  const report = await prepareReport(name)
  await ensureDisplayPackages(electron.program)
  const program = join('node_modules', '@playwright', 'test', 'cli.js')
  const { code, seconds } = await withVirtualDisplay((display) =>
    runCommand(process.execPath, [program, 'test', '--reporter=list,json', ...specs], {
      env: {
        ...plainEnvironment,
        ...display,
        WEIR_TEST_ELECTRON: electron.program,
        ...env,
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
      },
    }),
  )
  const counts = (await readReport(report))?.stats
  const passed = (counts?.expected ?? 0) + (counts?.flaky ?? 0)
  return { name, passed, failed: countFailed(counts?.unexpected ?? 0, passed, code), seconds }
}

/** A step that ran nothing, or ended badly without naming a failed test, has failed all the same. */
function countFailed(failed, passed, code) {
  if (failed > 0) return failed
  return code !== 0 || passed === 0 ? 1 : 0
}

async function prepareReport(name) {
  const report = join(reportFolder, `${name}.json`)
  await mkdir(reportFolder, { recursive: true })
  await rm(report, { force: true })
  return report
}

async function readReport(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Names of the steps to run: those given, or all. Throws a `Refusal` for a name that is none. */
export function chooseSteps(names) {
  const unknown = names.filter((name) => !(name in testSteps))
  if (unknown.length > 0)
    throw new Refusal(`no test step ${unknown.join(', ')}; there are: ${Object.keys(testSteps).join(', ')}`, {
      exitCode: 2,
    })
  return names.length > 0 ? names : Object.keys(testSteps)
}

/** Lines of a table: passed, failed and seconds of each step. */
export function describeResults(results) {
  return results.map(
    ({ name, passed, failed, seconds }) =>
      `${name.padEnd(18)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed ${seconds.toFixed(1).padStart(8)} s`,
  )
}

export const totalsPath = join(reportFolder, 'totals.json')
