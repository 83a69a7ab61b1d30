// The whole benchmark: looks at what is there, makes the sources, runs the workloads one after the other.
import { mkdir, readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder, Refusal } from '../project.mjs'
import { readCommand } from '../run-command.mjs'
import { setUpProgram } from '../set-up-all.mjs'
import { describeMachine, measureBusyCores } from './machine.mjs'
import { prepareNode, usualNode } from './measure-command.mjs'
import { findPeers } from './peers.mjs'
import { busyLimit } from './table.mjs'
import { runWorkload } from './run-workload.mjs'
import { benchFolder, Sources } from './sources.mjs'
import { chooseSizes } from './sizes.mjs'

const workFolder = join(benchFolder, 'work')
/** Below that a disk is about to be full for everybody. */
const spareBytes = 500e6

/**
 * @param {{ workloads: object[], events: number, runs: number }} asked
 * @returns {Promise<object>} everything that was measured, ready for JSON
 */
export async function runBench({ workloads, events, runs }) {
  await setUpProgram()
  const node = await prepareNode(usualNode)
  await prepareNode(20)
  const sizes = chooseSizes(events)
  // The Python of dcnum makes the sources too.
  const peerNames = new Set(['dcnum', ...workloads.flatMap(({ peers }) => peers ?? [])])
  const peers = await findPeers([...peerNames], tell)
  const sources = new Sources(peers.found.dcnum?.python)
  const sourceNames = workloads.flatMap((workload) => workload.sources(sizes))
  await mkdir(benchFolder, { recursive: true })
  const outputBytes = Math.max(...workloads.map((workload) => workload.outputBytes(sizes)))
  await checkSpace(sources.countMissingBytes(sourceNames) + outputBytes)
  await sources.prepare(sourceNames, tell)
  const busyBefore = await measureBusyCores()
  if (busyBefore > busyLimit)
    tell(`other programs keep ${busyBefore.toFixed(1)} cores busy: the numbers will suffer`)
  const bench = { sizes, runs, sources, peers: peers.found, workFolder, tell }
  const results = await runAll(workloads, bench)
  return {
    date: new Date().toISOString().slice(0, 10),
    ...(await describeVersion()),
    machine: { ...(await describeMachine(benchFolder)), node },
    busyCores: Math.max(busyBefore, await measureBusyCores()),
    sizes,
    runs,
    diskBytes: sources.countBytes(sourceNames) + outputBytes,
    source: sources.describe(),
    peers: Object.fromEntries(Object.entries(peers.found).map(([name, { version }]) => [name, version])),
    missing: peers.missing,
    workloads: results,
  }
}

async function runAll(workloads, bench) {
  await rm(workFolder, { recursive: true, force: true })
  await mkdir(workFolder)
  try {
    const results = []
    for (const workload of workloads) results.push(await runWorkload(workload, bench))
    return results
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}

async function checkSpace(neededBytes) {
  const { bavail, bsize } = await statfs(benchFolder)
  const freeBytes = bavail * bsize
  const needed = `${formatGigabytes(neededBytes)} of disk in ${benchFolder}`
  if (freeBytes < neededBytes + spareBytes)
    throw new Refusal(
      `this needs ${needed}, and ${formatGigabytes(freeBytes)} are free: delete something, or take smaller sizes with --events N`,
      { exitCode: 2 },
    )
  tell(`needs up to ${needed}; the sources stay there for the next time and may be deleted`)
}

async function describeVersion() {
  const [commit, changes] = await Promise.all([
    readGit(['rev-parse', '--short', 'HEAD']),
    readGit(['status', '--porcelain', '--', 'src-main', 'package-lock.json']),
  ])
  const { version } = JSON.parse(await readFile(join(projectFolder, 'package.json'), 'utf8'))
  return { weir: version, commit: commit ?? 'unknown', hasChanges: changes !== '' }
}

/** Undefined where this is not a repository, or there is no git. */
async function readGit(words) {
  const { code, text } = await readCommand('git', words).catch(() => ({ code: 1 }))
  return code === 0 ? text.trim() : undefined
}

function formatGigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`
}

function tell(message) {
  process.stderr.write(`[bench] ${message}\n`)
}
