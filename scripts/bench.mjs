// `npm run bench [-- --frames N] [--runs N]`: how long rewriting takes here, on one simulated measurement, by the clock
// of the whole process (start-up and verification included). Where test/interop has made its Python environment and the
// shared peer is there, dcnum.write does the same on the same file, without verification, for comparison.
import { existsSync } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { cacheFolder, projectFolder, Refusal, runScript, say } from './project.mjs'
import { readCommand } from './run-command.mjs'
import { runWeirOnce } from './run-weir.mjs'
import { setUpProgram } from './set-up-all.mjs'

const benchFolder = join(cacheFolder, 'bench')
const python = join(cacheFolder, 'interop-venv', 'bin', 'python')
const peer = join(
  process.env.WEIR_SHARED ?? join(dirname(projectFolder.replace(/\/$/, '')), 'shared'),
  'tools',
  'peer.py',
)

const cases = [
  { name: 'weir, zstd 5', options: [] },
  { name: 'weir, zstd 5, not verified', options: ['--verify', 'none'] },
  { name: 'weir, zstd 5, 1 thread', options: ['--threads', '1'] },
  { name: 'weir, gzip 5', options: ['--compression', 'gzip'] },
  { name: 'weir, no compression', options: ['--compression', 'none'] },
]

await runScript(async () => {
  const { frames, runs } = readArguments()
  await setUpProgram()
  await mkdir(benchFolder, { recursive: true })
  const source = join(benchFolder, 'source.rtdc')
  say(`recording ${frames} simulated frames`)
  await runWeirOnce([
    'record',
    '--out',
    source,
    '--simulate',
    String(frames),
    '--compression',
    'none',
    '--overwrite',
  ])
  const sourceBytes = (await stat(source)).size
  console.log(
    `${frames} simulated frames, ${formatMegabytes(sourceBytes)}; Node ${process.versions.node}, ${cpus().length} cores; best of ${runs} runs, whole process`,
  )
  for (const { name, options } of cases)
    report(name, sourceBytes, await repeat(runs, () => runCase(source, options)))
  await reportPeer(source, sourceBytes, runs)
})

function readArguments() {
  const { values } = parseArgs({
    options: { frames: { type: 'string', default: '2000' }, runs: { type: 'string', default: '3' } },
  })
  const [frames, runs] = [Number(values.frames), Number(values.runs)]
  if (![frames, runs].every((number) => Number.isInteger(number) && number > 0))
    throw new Refusal('--frames and --runs take positive whole numbers', { exitCode: 2 })
  return { frames, runs }
}

async function runCase(source, options) {
  const output = join(benchFolder, 'output.rtdc')
  const { processSeconds } = await runWeirOnce([
    'rewrite',
    source,
    '--out',
    output,
    '--overwrite',
    ...options,
  ])
  return { seconds: processSeconds, bytes: (await stat(output)).size }
}

async function reportPeer(source, sourceBytes, runs) {
  if (!existsSync(python) || !existsSync(peer)) {
    console.log(
      'dcnum: not compared (needs test/interop/run.mjs to have made its Python environment, and the shared peer.py)',
    )
    return
  }
  report('dcnum.write, zstd 5, not verified', sourceBytes, await repeat(runs, () => runPeer(source)))
}

async function runPeer(source) {
  const output = join(benchFolder, 'peer.rtdc')
  await rm(output, { force: true })
  const { code, seconds } = await readCommand(python, [peer, 'rewrite', source, output], { stderr: 2 })
  if (code !== 0) throw new Refusal(`peer.py ended with code ${code}`)
  return { seconds, bytes: (await stat(output)).size }
}

/** The best of some runs: what disturbs a measurement only ever makes it slower. */
async function repeat(runs, action) {
  let best
  for (let run = 0; run < runs; run++) {
    const result = await action()
    if (best === undefined || result.seconds < best.seconds) best = result
  }
  return best
}

function report(name, sourceBytes, { seconds, bytes }) {
  const speed = (sourceBytes / 1e6 / seconds).toFixed(1).padStart(7)
  console.log(
    `${name.padEnd(34)} ${seconds.toFixed(2).padStart(7)} s ${speed} MB/s  ratio ${(sourceBytes / bytes).toFixed(2)}`,
  )
}

function formatMegabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
