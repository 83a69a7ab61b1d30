// The machine that the numbers are from, in words that name no person and no place.
import { readFile } from 'node:fs/promises'
import { cpus, release, totalmem, type } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

const lookMs = 1000

/** @param {string} folder whose file system is told */
export async function describeMachine(folder) {
  const [systemRelease, mounts] = await Promise.all([
    readIfThere('/etc/os-release'),
    readIfThere('/proc/self/mounts'),
  ])
  const processors = cpus()
  return {
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${/^PRETTY_NAME="(.*)"$/m.exec(systemRelease)?.[1] ?? type()}, ${type()} ${release()}`,
    fileSystem: findFileSystem(mounts, folder) ?? 'not known',
    node: process.versions.node,
  }
}

/** How many cores other programs keep busy, looked at for a second in which this one does nothing. */
export async function measureBusyCores() {
  const before = sumTimes()
  await delay(lookMs)
  const after = sumTimes()
  const [busy, idle] = [after.busy - before.busy, after.idle - before.idle]
  return (cpus().length * busy) / Math.max(1, busy + idle)
}

function sumTimes() {
  const sum = { busy: 0, idle: 0 }
  for (const { times } of cpus()) {
    sum.idle += times.idle
    sum.busy += times.user + times.nice + times.sys + times.irq
  }
  return sum
}

/** Type of the file system that holds the folder: that of the longest mount point above it. */
export function findFileSystem(mounts, folder) {
  let longest
  for (const line of mounts.split('\n')) {
    const [, encoded = '', kind] = line.split(' ')
    const point = encoded.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
    const holds = point !== '' && `${folder}/`.startsWith(point.endsWith('/') ? point : `${point}/`)
    if (holds && (longest === undefined || point.length >= longest.point.length)) longest = { point, kind }
  }
  return longest?.kind
}

function readIfThere(path) {
  return readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
}
