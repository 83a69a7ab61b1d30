import type { JobProgress } from '../../../src-preload/contract.ts'
import { computeRateLine } from './compute-rates.ts'
import { judgeFill } from './judge-fill.ts'

/** A stretch of time in which the queue was full and whoever reads waited, in seconds of the job. */
export interface Stall {
  readonly from: number
  readonly to: number
}

/** The numbers of the charts, an entry for each sample; MB are 10^6 bytes. */
export interface ChartData {
  readonly seconds: readonly number[]
  readonly inMegabytes: readonly number[]
  readonly outMegabytes: readonly number[]
  readonly queuedMegabytes: readonly number[]
  readonly limitMegabytes: number
  readonly stalls: readonly Stall[]
}

const MEGABYTE = 1e6

/** Works out what the charts show. */
export function buildChartData(samples: readonly JobProgress[]): ChartData {
  const rates = computeRateLine(samples)
  return {
    seconds: samples.map(({ seconds }) => seconds),
    inMegabytes: rates.map(({ inBytes }) => inBytes / MEGABYTE),
    outMegabytes: rates.map(({ outBytes }) => outBytes / MEGABYTE),
    queuedMegabytes: samples.map(({ queuedBytes }) => queuedBytes / MEGABYTE),
    limitMegabytes: Math.max(0, ...samples.map(({ queueLimitBytes }) => queueLimitBytes)) / MEGABYTE,
    stalls: findStalls(samples),
  }
}

/** A full sample stands for the time up to the next one. */
function findStalls(samples: readonly JobProgress[]): readonly Stall[] {
  const stalls: Stall[] = []
  for (const [index, sample] of samples.entries()) {
    if (judgeFill(sample).state !== 'full') continue
    const to = samples[index + 1]?.seconds ?? sample.seconds
    const last = stalls.at(-1)
    if (last?.to === sample.seconds) stalls[stalls.length - 1] = { from: last.from, to }
    else stalls.push({ from: sample.seconds, to })
  }
  return stalls
}

/** At most so many of the samples, evenly chosen, the newest first: what the table shows. */
export function pickRows(data: ChartData, maxRows: number): readonly number[] {
  const step = Math.max(1, Math.ceil(data.seconds.length / maxRows))
  const rows: number[] = []
  for (let index = data.seconds.length - 1; index >= 0; index -= step) rows.push(index)
  return rows
}
