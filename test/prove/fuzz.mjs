// Mutants of small valid files: Weir names what h5py refuses, and calls nothing verified that h5py reads otherwise.
import { spawn, spawnSync } from 'node:child_process'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { preparePython } from '../interop/environment.mjs'
import { compareReadings, isHinted, isNamed } from './fuzz/compare.mjs'
import { mutate, studySeed } from './fuzz/mutate.mjs'
import { Disproof, makeRandom } from './proof.mjs'

const program = fileURLToPath(new URL('../../out/weir.js', import.meta.url))
const folderOfScripts = fileURLToPath(new URL('./fuzz/', import.meta.url))
const mutantsPerRound = 100
const leastNamed = 0.98
const mostMinutes = 20

/** How often each kind of seed is taken. */
const weights = { measurement: 4, types: 4, indexes: 5, groups: 3, pages: 1 }

/** @type {Promise<{ seeds: import('./fuzz/mutate.mjs').Seed[], sound: Map<string, any[]>, python: string }> | undefined} */
let material

/** @type {import('./proof.mjs').Proof} */
export const fuzz = {
  name: 'fuzz',
  rounds: 30,
  async run({ folder, number }) {
    material ??= prepareMutants(join(dirname(folder), 'seeds-of-fuzz'))
    const numbers = Array.from(
      { length: mutantsPerRound },
      (_, index) => number * mutantsPerRound + index + 1,
    )
    const verdicts = await judgeMutants(folder, numbers, await material)
    await appendFile(
      resultsPath(dirname(folder)),
      verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join(''),
    )
    const wrong = verdicts.filter(({ differences }) => differences.length > 0)
    if (wrong.length > 0)
      throw new Disproof(
        wrong
          .map(
            ({ number: mutant, seed, story, differences }) =>
              `mutant ${mutant} of ${seed} (${story}): ${differences.join(' | ')}`,
          )
          .join('\n  '),
      )
  },
  async conclude(proveFolder) {
    const lines = (await readFile(resultsPath(proveFolder), 'utf8')).trim().split('\n')
    const verdicts = new Map(
      lines.map((line) => JSON.parse(line)).map((verdict) => [verdict.number, verdict]),
    )
    const refused = [...verdicts.values()].filter(({ errors }) => errors.length > 0)
    const missed = refused.filter(({ named }) => !named)
    const share = 1 - missed.length / Math.max(1, refused.length)
    console.log(
      `fuzz: ${verdicts.size} mutants; h5py refuses something in ${refused.length}, weir verify names ${(100 * share).toFixed(2)} %`,
    )
    for (const { number, seed, story, errors } of missed)
      console.log(`  not named: mutant ${number} of ${seed} (${story}): ${errors.slice(0, 2).join(' | ')}`)
    if (share < leastNamed)
      throw new Disproof(`weir verify names only ${(100 * share).toFixed(2)} % of what h5py refuses`)
  },
}

function resultsPath(folder) {
  return join(folder, 'results-of-fuzz.jsonl')
}

/** Makes the seeds, and proves that they and their rewrites are sound. */
export async function prepareMutants(folder) {
  const python = process.env.WEIR_FUZZ_PYTHON ?? preparePython()
  await mkdir(folder, { recursive: true })
  const made = spawnSync(python, [join(folderOfScripts, 'make_seeds.py'), folder], { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`make_seeds.py: ${made.stderr}`)
  const list = JSON.parse(await readFile(join(folder, 'seeds.json'), 'utf8'))
  const seeds = await Promise.all(
    list.map(async (entry) => studySeed(entry, await readFile(join(folder, entry.name)))),
  )
  const paths = seeds.map(({ name }) => join(folder, name))
  const results = await runWeir(['verify', ...paths])
  const sound = new Map(seeds.map(({ name }, index) => [name, results[index].findings]))
  const damaged = [...sound].filter(([, findings]) => findings.some(({ level }) => level === 'damage'))
  if (damaged.length > 0)
    throw new Disproof(`weir verify finds damage in sound seeds: ${JSON.stringify(damaged)}`)
  await requireSoundRewrite(seeds, { folder, python, paths })
  return { seeds, sound, python }
}

/** Else every mutant of that seed would differ. */
async function requireSoundRewrite(seeds, { folder, python, paths }) {
  const out = join(folder, 'rewritten')
  await mkdir(out, { recursive: true })
  const results = await runWeir(['rewrite', ...paths, '--out-dir', out, '--overwrite'])
  const inputs = await askH5py(python, paths)
  const outputs = await askH5py(
    python,
    results.map(({ output }) => output),
  )
  results.forEach((result, index) => {
    const differences = compareReadings(inputs[index], outputs[index], listLeftOut(result))
    if (result.status !== 'done' || differences.length > 0)
      throw new Disproof(
        `${seeds[index].name} is sound, but: ${result.error?.message} ${differences.join(' | ')}`,
      )
  })
}

/** What h5py, `weir verify` and `weir rewrite` make of the mutants with these numbers. */
export async function judgeMutants(folder, numbers, { seeds, sound, python }) {
  const mutants = numbers.map((number) => makeMutant(number, seeds))
  const inputs = mutants.map(({ number }) => join(folder, `mutant-${number}.rtdc`))
  await Promise.all(inputs.map((path, index) => writeFile(path, mutants[index].bytes)))
  const out = join(folder, 'out')
  await mkdir(out)
  const [readings, found] = await Promise.all([askH5py(python, inputs), runWeir(['verify', ...inputs])])
  const rewritten = await runWeir(['rewrite', ...inputs, '--out-dir', out])
  const done = rewritten.filter(({ status }) => status === 'done')
  const outputs = await askH5py(
    python,
    done.map(({ output }) => output),
  )
  const outputOf = new Map(done.map(({ input }, index) => [input, outputs[index]]))
  return mutants.map(({ number, seed, story }, index) => {
    const input = readings[index]
    const output = outputOf.get(inputs[index])
    const findings = sound.get(seed)
    return {
      ...{
        number,
        seed,
        story,
        end: input.end,
        errors: input.errors.slice(0, 5).map((error) => error.join(': ')),
      },
      named: isNamed(found[index], findings),
      hinted: isHinted(found[index], findings, input.errors),
      codes: [
        ...new Set(found[index].findings.filter(({ level }) => level === 'damage').map(({ code }) => code)),
      ],
      rewrite: rewritten[index].status,
      differences: output === undefined ? [] : compareReadings(input, output, listLeftOut(rewritten[index])),
    }
  })
}

export function makeMutant(number, seeds) {
  const random = makeRandom(number)
  const all = seeds.flatMap((seed) => Array(weights[seed.name.split('-')[0]]).fill(seed))
  const seed = all[Math.floor(random() * all.length)]
  return { number, seed: seed.name, ...mutate(seed, random) }
}

function listLeftOut({ warnings }) {
  return warnings.map(({ object }) => object).filter((object) => typeof object === 'string')
}

/** One result for each file, in order; a process that hangs or ends early is a fault of Weir. */
async function runWeir(commandArguments) {
  const { text, complaints, code } = await run(process.execPath, [program, ...commandArguments, '--json'])
  const results = text
    .split('\n')
    .filter((line) => line.includes('"type":"result"'))
    .map((line) => JSON.parse(line))
  const files = commandArguments.filter((word) => word.endsWith('.rtdc'))
  if (results.length !== files.length)
    throw new Disproof(
      `weir ${commandArguments[0]} gave ${results.length} results for ${files.length} files, exit ${code}: ${complaints}`,
    )
  return results
}

async function askH5py(python, paths) {
  const { text, complaints } = await run(python, [join(folderOfScripts, 'judge.py')], paths.join('\n'))
  const readings = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
  if (readings.length !== paths.length)
    throw new Error(`judge.py answered ${readings.length} of ${paths.length}: ${complaints}`)
  return readings
}

function run(command, commandArguments, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      stdio: 'pipe',
      timeout: mostMinutes * 60_000,
      killSignal: 'SIGKILL',
    })
    let text = ''
    let complaints = ''
    child.stdout.setEncoding('utf8').on('data', (part) => (text += part))
    child.stderr.setEncoding('utf8').on('data', (part) => (complaints += part))
    child.once('error', reject)
    child.once('close', (code) => resolve({ text, complaints: complaints.slice(-2000), code }))
    child.stdin.end(input)
  })
}
