// Paired runs: in each, Weir and the others one after the other on the same source.
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hasProgram } from '../run-command.mjs'
import { compareRuns, medianSeconds, orderSides } from './figures.mjs'
import { measureCommand } from './measure-command.mjs'
import { readThrough } from './read-through.mjs'

/**
 * @typedef {object} Side
 * @property {string} name `weir`, `dcnum`, ...
 * @property {string} title
 * @property {(output: string, options: { isWatched: boolean }) => Promise<object>} run gives at least `seconds`
 * @property {(output: string) => Promise<void>} [check] looks at the output, outside of the time
 *
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} title
 * @property {string} about what is measured, for the report
 * @property {(sizes: object) => string[]} sources that it needs
 * @property {(sizes: object) => number} outputBytes at most, at one time
 * @property {string[]} [peers] what it is compared with: `dcnum`, `cp`, `h5repack`
 * @property {{ factor?: number, least?: number, largest?: number }} [ratio] what the ratio is multiplied with; the targets for time and size
 * @property {boolean} [isTimed] false: there is no warm-up, every run is watched
 * @property {(asked: number) => number} [countRuns]
 * @property {(bench: object) => Side[]} sides Weir first; a side whose peer is missing is left out
 * @property {(bench: object, result: object) => Promise<object> | object} [conclude] adds to the result
 */

/** Runs one workload and gives what belongs into the results. */
export async function runWorkload(workload, bench) {
  const { name, title, about, ratio: wanted = {}, isTimed = true } = workload
  const sides = workload.sides(bench)
  const runs = workload.countRuns?.(bench.runs) ?? bench.runs
  const collected = new Map(sides.map((side) => [side.name, { timed: [], watched: [] }]))
  for (let run = isTimed ? -1 : 0; run < runs; run++) {
    const isWatched = !isTimed || run < 0
    for (const source of workload.sources(bench.sizes)) await readThrough(bench.sources.pathOf(source))
    for (const side of orderSides(sides, Math.abs(run))) {
      const measured = await runSide(side, bench, { isWatched })
      const into = collected.get(side.name)
      if (run >= 0) into.timed.push(measured)
      if (isWatched) into.watched.push(measured)
      bench.tell(`${name}, ${nameRun(run, runs)}: ${side.title} ${measured.seconds.toFixed(2)} s`)
    }
  }
  const measured = sides.map((side) => summarizeSide(side, collected.get(side.name)))
  const result = { name, title, about, sides: measured, ...compareFirstTwo(measured, wanted) }
  return { ...result, ...(await workload.conclude?.(bench, result)) }
}

function nameRun(run, runs) {
  return run < 0 ? 'warm-up' : `run ${run + 1} of ${runs}`
}

async function runSide(side, bench, { isWatched }) {
  const output = join(bench.workFolder, `${side.name}.rtdc`)
  await rm(output, { force: true })
  await flushDisk(bench.workFolder)
  try {
    const measured = await side.run(output, { isWatched })
    await side.check?.(output)
    const { size } = (await stat(output).catch(() => undefined)) ?? {}
    return { ...measured, ...(size !== undefined && { bytes: size }) }
  } finally {
    await rm(output, { force: true })
  }
}

function summarizeSide({ name, title }, { timed, watched }) {
  const usages = watched.map(({ usage }) => usage).filter((usage) => usage !== undefined)
  return {
    name,
    title,
    medianSeconds: medianSeconds(timed),
    ...(usages.length > 0 && { peakBytes: Math.max(...usages.map(({ peakBytes }) => peakBytes)) }),
    usages,
    runs: timed.map(leaveOutUsage),
  }
}

/** Where all runs are watched it is in `usages` already. */
function leaveOutUsage(run) {
  const copy = { ...run }
  delete copy.usage
  return copy
}

function compareFirstTwo([weir, other], { factor, least, largest }) {
  if (other === undefined) return { target: least, largest }
  const ratio = compareRuns(weir.runs, other.runs, factor)
  const size = compareSizes(weir, other)
  const isFast = least === undefined || ratio.ofPairs >= least
  const isSmall = largest === undefined || size === undefined || size <= largest
  const isJudged = least !== undefined || largest !== undefined
  return { target: least, largest, ratio, size, ...(isJudged && { isMet: isFast && isSmall }) }
}

/** Weir's output as a share of the other's; undefined where one of them leaves no file. */
function compareSizes(weir, other) {
  const [ours, theirs] = [weir, other].map(({ runs }) => runs[0]?.bytes)
  return ours === undefined || theirs === undefined ? undefined : ours / theirs
}

/** What the run before has left to be written must not burden the next. */
async function flushDisk(folder) {
  if (hasProgram('sync')) await measureCommand('sync', ['-f', folder])
}
