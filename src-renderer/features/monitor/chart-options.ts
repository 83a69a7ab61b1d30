import type uPlot from 'uplot'
import type { Stall } from './build-chart-data.ts'

/** How the charts look; colours are read when a chart is drawn, so that they follow the theme. */

/** Colours of the page as the canvas understands them. */
export interface ChartColours {
  readonly ink: string
  readonly line: string
  readonly quiet: string
  readonly accent: string
  readonly bad: string
}

export interface ChartLine {
  readonly name: string
  readonly colour: keyof ChartColours
  readonly isFilled?: boolean
  readonly isDashed?: boolean
}

export interface ChartQuestion {
  readonly width: number
  readonly height: number
  readonly lines: readonly ChartLine[]
  /** Charts with one key share their pointer. */
  readonly syncKey: string
  readonly readColours: () => ChartColours
  readonly readStalls: () => readonly Stall[]
  readonly readRange: () => readonly [number, number]
  /** Index of the sample under the pointer; null: it is elsewhere. */
  readonly onPoint: (index: number | null) => void
}

const AXIS_WIDTH = 48
const FONT = '11px system-ui, sans-serif'
/** Room above the highest value. */
const HEADROOM = 1.1

/** The options of one chart over the seconds of a job. */
export function makeChartOptions(question: ChartQuestion): uPlot.Options {
  const { width, height, lines, readColours } = question
  const axis = {
    font: FONT,
    stroke: () => readColours().quiet,
    grid: { stroke: () => readColours().line, width: 1 },
    ticks: { show: false },
  }
  return {
    width,
    height,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: question.syncKey }, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: () => [...question.readRange()] },
      y: { range: (_chart, _min, max) => [0, Math.max(1, (max || 0) * HEADROOM)] },
    },
    axes: [
      { ...axis, size: 20, gap: 2, values: (_chart, splits) => splits.map(formatClock) },
      { ...axis, size: AXIS_WIDTH, gap: 4, space: 24 },
    ],
    series: [{}, ...lines.map((line) => makeLine(line, readColours))],
    hooks: {
      drawClear: [(chart) => shadeStalls(chart, question)],
      setCursor: [(chart) => question.onPoint(chart.cursor.idx ?? null)],
    },
  }
}

/** As `1:05`. */
export function formatClock(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}

function makeLine(
  { name, colour, isFilled, isDashed }: ChartLine,
  readColours: () => ChartColours,
): uPlot.Series {
  return {
    label: name,
    stroke: () => readColours()[colour],
    width: 1.5,
    points: { show: false },
    ...(isFilled && { fill: () => withAlpha(readColours()[colour]) }),
    ...(isDashed && { dash: [4, 4], width: 1 }),
  }
}

function shadeStalls(chart: uPlot, { readStalls, readColours }: ChartQuestion): void {
  const { ctx, bbox } = chart
  ctx.save()
  ctx.fillStyle = withAlpha(readColours().bad)
  for (const { from, to } of readStalls()) {
    const left = Math.max(bbox.left, chart.valToPos(from, 'x', true))
    const right = Math.min(bbox.left + bbox.width, chart.valToPos(to, 'x', true))
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height)
  }
  ctx.restore()
}

/** The computed colour, `rgb(r, g, b)`, thinned to let lines through. */
function withAlpha(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.18)')
}
