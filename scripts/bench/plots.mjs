// The three plots of the report.
import { colours, composeSvg, drawDot, drawLine, drawPath, drawRectangle, drawText } from './svg.mjs'
import { findScaling } from './table.mjs'

const width = 760
const left = 320
const right = 60
const barHeight = 18
const memoryLimitMegabytes = 400

/** Name of each file and what is in it; a plot without data is left out. */
export function drawPlots(results) {
  const scaling = findScaling(results.workloads)
  const plots = {
    'ratios.svg': drawRatios(results.workloads.filter(({ ratio }) => ratio !== undefined)),
    'scaling.svg': scaling === undefined ? undefined : drawScaling(scaling),
    'memory.svg': drawMemory(listPeaks(results.workloads)),
  }
  return Object.fromEntries(Object.entries(plots).filter(([, svg]) => svg !== undefined))
}

function drawRatios(compared) {
  if (compared.length === 0) return undefined
  const bars = compared.map(({ title, sides, ratio, target }) => ({
    label: `${title} (${sides[1].title})`,
    value: ratio.ofPairs,
    text: ratio.ofPairs.toFixed(2),
    mark: target,
    fill: colours.weir,
  }))
  return drawBars(bars, {
    title: 'How many times faster: time of the other / time of Weir',
    note: 'red line: target',
    lines: [{ value: 1, text: '1' }],
  })
}

function listPeaks(workloads) {
  return workloads.flatMap(({ title, sides }) =>
    sides
      .filter(({ peakBytes }) => peakBytes !== undefined)
      .map(({ name, title: sideTitle, peakBytes }) => ({
        label: `${title}: ${sideTitle}`,
        value: peakBytes / 1e6,
        text: `${Math.round(peakBytes / 1e6)} MB`,
        fill: name.startsWith('weir') ? colours.weir : colours.other,
      })),
  )
}

function drawMemory(bars) {
  if (bars.length === 0) return undefined
  return drawBars(bars, {
    title: 'Peak memory (PSS of all processes)',
    note: 'red line: the target for rewriting',
    lines: [{ value: memoryLimitMegabytes, text: `${memoryLimitMegabytes} MB`, colour: colours.target }],
  })
}

/** Horizontal bars, one below the other. */
function drawBars(bars, { title, note, lines }) {
  const top = 58
  const height = top + bars.length * (barHeight + 8) + 14
  const most =
    1.08 *
    Math.max(...bars.flatMap(({ value, mark = 0 }) => [value, mark]), ...lines.map(({ value }) => value))
  const toX = (value) => left + (value / most) * (width - left - right)
  const shapes = [
    drawText(title, { x: 12, y: 22, size: 15 }),
    drawText(note, { x: width - 12, y: 22, anchor: 'end', colour: colours.target }),
    ...lines.flatMap(({ value, text, colour = colours.line }) => [
      drawText(text, { x: toX(value), y: top - 8, anchor: 'middle' }),
      drawLine({ from: [toX(value), top - 4], to: [toX(value), height - 12], colour }),
    ]),
  ]
  bars.forEach(({ label, value, text, mark, fill }, index) => {
    const y = top + index * (barHeight + 8)
    shapes.push(
      drawText(label, { x: left - 8, y: y + 14, anchor: 'end', size: 12 }),
      drawRectangle({ x: left, y, width: toX(value) - left, height: barHeight, fill }),
      drawText(text, { x: placeText(toX(value), mark === undefined ? undefined : toX(mark)), y: y + 14 }),
    )
    if (mark !== undefined)
      shapes.push(
        drawLine({
          from: [toX(mark), y - 3],
          to: [toX(mark), y + barHeight + 3],
          colour: colours.target,
          width: 2,
        }),
      )
  })
  return composeSvg({ width, height, title }, shapes)
}

/** Beside the end of the bar, but not on the mark. */
function placeText(end, mark) {
  const isInTheWay = mark !== undefined && mark > end - 4 && mark < end + 44
  return (isInTheWay ? mark : end) + 6
}

/** Speed over the number of cores: what was measured, what the model says, and the straight line that nothing reaches for ever. */
function drawScaling({ sourceBytes, checks, predictions }) {
  const height = 380
  const [plotLeft, plotRight, plotTop, plotBottom] = [70, width - 190, 50, height - 50]
  const modelled = [
    ...checks.map(({ threads, predictedSeconds }) => ({ threads, seconds: predictedSeconds })),
    ...predictions.map(({ cores, seconds }) => ({ threads: cores, seconds })),
  ]
  const toSpeed = (seconds) => sourceBytes / 1e6 / seconds
  const most = 1.15 * Math.max(...modelled.map(({ seconds }) => toSpeed(seconds)))
  const last = modelled.at(-1).threads
  const toPoint = (threads, speed) => [
    plotLeft + (Math.log2(threads) / Math.log2(last)) * (plotRight - plotLeft),
    plotBottom - (Math.min(speed, most) / most) * (plotBottom - plotTop),
  ]
  const [, two] = checks
  const perThread = toSpeed(two.measuredSeconds) / two.threads
  const ideal = [1, 2, 4, 8, 16].filter((threads) => threads * perThread <= most)
  const title = 'Rewrite, zstd 5: speed over the number of cores'
  const shapes = [
    drawText(title, { x: 12, y: 22, size: 15 }),
    ...drawSpeedAxis(most, { toY: (speed) => toPoint(1, speed)[1], plotLeft, plotRight }),
    ...modelled.map(({ threads }) =>
      drawText(String(threads), { x: toPoint(threads, 0)[0], y: plotBottom + 20, anchor: 'middle' }),
    ),
    drawText('threads for filters, with as many cores (1: of two)', {
      x: (plotLeft + plotRight) / 2,
      y: plotBottom + 40,
      anchor: 'middle',
    }),
    drawPath(
      ideal.map((threads) => toPoint(threads, threads * perThread)),
      { colour: colours.other, dashes: '4 4' },
    ),
    drawPath(
      modelled.map(({ threads, seconds }) => toPoint(threads, toSpeed(seconds))),
      { colour: colours.weir },
    ),
    ...checks.map(({ threads, measuredSeconds }) =>
      drawDot(toPoint(threads, toSpeed(measuredSeconds)), colours.target),
    ),
    ...drawLegend(plotRight + 24, plotTop + 20),
  ]
  return composeSvg({ width, height, title }, shapes)
}

function drawSpeedAxis(most, { toY, plotLeft, plotRight }) {
  const step =
    [10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((candidate) => most / candidate <= 7) ?? most / 5
  const shapes = [drawText('MB/s', { x: plotLeft - 8, y: 40, anchor: 'end' })]
  for (let speed = 0; speed <= most; speed += step) {
    shapes.push(drawLine({ from: [plotLeft, toY(speed)], to: [plotRight, toY(speed)] }))
    shapes.push(drawText(String(speed), { x: plotLeft - 8, y: toY(speed) + 4, anchor: 'end' }))
  }
  return shapes
}

function drawLegend(x, y) {
  const entries = [
    [drawDot([x + 12, y - 4], colours.target), 'measured'],
    [
      drawPath(
        [
          [x, y + 20],
          [x + 24, y + 20],
        ],
        { colour: colours.weir },
      ),
      'model',
    ],
    [
      drawPath(
        [
          [x, y + 44],
          [x + 24, y + 44],
        ],
        { colour: colours.other, dashes: '4 4' },
      ),
      'ideal, from 2',
    ],
  ]
  return entries.flatMap(([sample, text], index) => [
    sample,
    drawText(text, { x: x + 34, y: y + index * 24 }),
  ])
}
