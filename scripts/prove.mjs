// `npm run prove [-- PROOF...] [--rounds N] [--fresh]`: the long proofs. Rounds that were done count: an interrupted run
// goes on where it was; its state is in .cache/prove/. A failed round keeps its folder and names its seed.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { arrivalOrder } from '../test/prove/arrival-order.mjs'
import { cancel } from '../test/prove/cancel.mjs'
import { fuzz } from '../test/prove/fuzz.mjs'
import { kill } from '../test/prove/kill.mjs'
import { largeFile } from '../test/prove/large-file.mjs'
import { manyChunks } from '../test/prove/many-chunks.mjs'
import { Disproof, makeRandom, Unprovable } from '../test/prove/proof.mjs'
import { readers } from '../test/prove/readers.mjs'
import { cacheFolder, Refusal, runScript, say } from './project.mjs'
import { runWeirOnce } from './run-weir.mjs'
import { setUpProgram } from './set-up-all.mjs'

const proofs = [cancel, kill, arrivalOrder, manyChunks, largeFile, fuzz, readers]
const proveFolder = join(cacheFolder, 'prove')
const statePath = join(proveFolder, 'state.json')
const sampleFrames = 1000
/** In place of a round's number. */
const wholeProof = 'all'

await runScript(async () => {
  const { chosen, rounds, fresh } = readArguments()
  await setUpProgram()
  if (fresh) await rm(proveFolder, { recursive: true, force: true })
  await mkdir(proveFolder, { recursive: true })
  const material = await makeMaterial()
  const state = await readState()
  for (const proof of chosen) await prove(proof, { state, material, rounds: rounds ?? proof.rounds })
  const failed = chosen.reduce((sum, proof) => sum + state[proof.name].failed.length, 0)
  const passed = chosen.reduce((sum, proof) => sum + state[proof.name].passed, 0)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
})

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string' }, fresh: { type: 'boolean', default: false } },
  })
  const unknown = positionals.filter((name) => !proofs.some((proof) => proof.name === name))
  if (unknown.length > 0)
    throw new Refusal(
      `no proof ${unknown.join(', ')}; there are: ${proofs.map((proof) => proof.name).join(', ')}`,
      { exitCode: 2 },
    )
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))
    throw new Refusal('--rounds takes a positive whole number', { exitCode: 2 })
  const chosen =
    positionals.length === 0 ? proofs : proofs.filter((proof) => positionals.includes(proof.name))
  return { chosen, rounds, fresh: values.fresh }
}

/** The measurement that all proofs work on, and how long it takes to rewrite it undisturbed. */
async function makeMaterial() {
  const sample = join(proveFolder, 'sample.rtdc')
  say(`recording ${sampleFrames} simulated frames for the proofs`)
  await runWeirOnce([
    'record',
    '--out',
    sample,
    '--simulate',
    String(sampleFrames),
    '--compression',
    'none',
    '--overwrite',
  ])
  const output = join(proveFolder, 'undisturbed.rtdc')
  const { processSeconds } = await runWeirOnce([
    'rewrite',
    sample,
    '--out',
    output,
    '--compression',
    'gzip',
    '--overwrite',
  ])
  await rm(output)
  return { sample, typicalMs: processSeconds * 1000 }
}

async function prove(proof, { state, material, rounds }) {
  const own = (state[proof.name] ??= { passed: 0, failed: [] })
  const started = performance.now()
  const done = own.passed + own.failed.filter(({ round }) => round !== wholeProof).length
  for (let number = done; number < rounds; number++) {
    const failure = await runRound(proof, number, material)
    if (failure === undefined) own.passed += 1
    else own.failed.push(failure)
    await writeState(state)
  }
  const shortfall = await conclude(proof)
  own.failed = own.failed.filter(({ round }) => round !== wholeProof)
  if (shortfall !== undefined) own.failed.push({ round: wholeProof, message: shortfall })
  await writeState(state)
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(`${proof.name}: ${own.passed} rounds hold, ${own.failed.length} do not (${seconds} s now)`)
}

/** What speaks against all rounds together, for a proof that promises a share. */
async function conclude(proof) {
  try {
    await proof.conclude?.(proveFolder)
    return undefined
  } catch (error) {
    if (!(error instanceof Disproof)) throw error
    console.log(`${proof.name}: ${error.message}`)
    return error.message
  }
}

async function runRound(proof, number, material) {
  const prefix = `${proof.name}-${number}-`
  // Of the same round, interrupted.
  const remains = (await readdir(proveFolder)).filter((name) => name.startsWith(prefix))
  for (const name of remains) await rm(join(proveFolder, name), { recursive: true })
  const folder = await mkdtemp(join(proveFolder, prefix))
  try {
    await proof.run({ ...material, number, folder, random: makeRandom(number + 1) })
    await rm(folder, { recursive: true, force: true })
    return undefined
  } catch (error) {
    if (error instanceof Unprovable) {
      await rm(folder, { recursive: true })
      throw new Refusal(error.message)
    }
    if (!(error instanceof Disproof)) throw error
    console.log(`${proof.name}, round ${number}: ${error.message}\n  kept: ${folder}`)
    return { round: number, message: error.message }
  }
}

async function readState() {
  try {
    return JSON.parse(await readFile(statePath, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw error
  }
}

/** Under a second name first: an interrupted run must not spoil it. */
async function writeState(state) {
  await writeFile(`${statePath}~`, JSON.stringify(state, null, 2))
  await rename(`${statePath}~`, statePath)
}
