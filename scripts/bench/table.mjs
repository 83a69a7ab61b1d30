// The results as a table of texts, for the terminal and for the report.
import { standardEvents, standardRuns } from './sizes.mjs'

export const columns = [
  'workload',
  'Weir',
  'beside it',
  'ratio',
  'size',
  'target',
  'met',
  'peak memory',
  'beside it',
]

/** More cores than these busy with other things spoil a run. */
export const busyLimit = 0.2

const nothing = '–'

/** One row of texts a workload. */
export function makeRows(results) {
  return results.workloads.map((result) =>
    result.memory === undefined ? makeRow(result) : makeMemoryRow(result),
  )
}

function makeRow({ title, sides: [weir, other], ratio, size, target, largest, isMet }) {
  return [
    title,
    formatSeconds(weir.medianSeconds),
    other === undefined ? nothing : `${other.title} ${formatSeconds(other.medianSeconds)}`,
    ratio === undefined ? nothing : formatRatio(ratio),
    size === undefined ? nothing : size.toFixed(3),
    formatTarget(target, largest),
    formatMet(isMet),
    formatPeak(weir),
    other === undefined ? nothing : formatPeak(other),
  ]
}

/** Its runs are watched, so its times say nothing. */
function makeMemoryRow({ title, sides: [few, many], memory }) {
  return [
    title,
    nothing,
    nothing,
    memory.spread.toFixed(2),
    nothing,
    'under 400 MB, 10 %',
    formatMet(memory.isMet),
    formatPeak(few),
    formatPeak(many),
  ]
}

function formatTarget(least, largest) {
  const parts = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(largest === undefined ? [] : [`size at most ${largest}`]),
  ]
  return parts.length === 0 ? nothing : parts.join(', ')
}

/** For the terminal. */
export function composeTable(results) {
  const rows = [columns, ...makeRows(results)]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  )
  return [
    describeRun(results),
    '',
    ...lines,
    '',
    ...describeLimits(results),
    ...describeScaling(results),
  ].join('\n')
}

function describeRun({ sizes, runs, machine, source }) {
  return `${sizes.events} events, ${runs} paired runs, medians; ${machine.processor}, ${machine.cores} cores, Node ${machine.node}\nSource: ${source}`
}

/** What has to be known to read the table rightly. */
export function describeLimits(results) {
  const { missing, sizes, runs, busyCores, workloads } = results
  const lines = Object.entries(missing).map(([name, reason]) => `Without ${name}: ${reason}`)
  if (sizes.events < standardEvents || runs < standardRuns)
    lines.push(
      `Smaller than what the targets are for (${standardEvents} events, ${standardRuns} runs): whether they are met says little here.`,
    )
  if (busyCores > busyLimit)
    lines.push(`Other programs kept ${busyCores.toFixed(1)} cores busy before or after the runs.`)
  if (workloads.every(({ sides }) => sides.every(({ peakBytes }) => peakBytes === undefined)))
    lines.push('Memory was not measured: that needs the /proc of Linux.')
  return lines
}

function describeScaling({ workloads }) {
  const scaling = findScaling(workloads)
  if (scaling === undefined) return []
  return [
    'Scaling, rewrite:',
    ...scaling.checks.map(
      ({ threads, measuredSeconds, predictedSeconds, error }) =>
        `  ${threads} of ${scaling.cores} cores for filters: measured ${formatSeconds(measuredSeconds)}, model ${formatSeconds(predictedSeconds)} (${formatError(error)})`,
    ),
    ...scaling.predictions.map(
      ({ cores, seconds, bottleneck }) =>
        `  ${cores} cores: model ${formatSeconds(seconds)}, bound by ${bottleneck}`,
    ),
  ]
}

export function findScaling(workloads) {
  return workloads.find(({ scaling }) => scaling !== undefined)?.scaling
}

export function formatSeconds(seconds) {
  return `${seconds.toFixed(2)} s`
}

/** -0.034 as `-3 %`. */
export function formatError(error) {
  const percent = Math.round(error * 100)
  return `${percent > 0 ? '+' : ''}${percent} %`
}

/** With the smallest and the largest of the pairs. */
function formatRatio({ ofPairs, each }) {
  return `${ofPairs.toFixed(2)} (${Math.min(...each).toFixed(2)} to ${Math.max(...each).toFixed(2)})`
}

function formatMet(isMet) {
  if (isMet === undefined) return nothing
  return isMet ? 'yes' : 'no'
}

function formatPeak({ peakBytes }) {
  return peakBytes === undefined ? nothing : `${Math.round(peakBytes / 1e6)} MB`
}
