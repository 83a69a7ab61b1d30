// How much work a workload is.

/** The sizes that the targets are for. */
export const standardEvents = 20_000
export const standardRuns = 5

export function chooseSizes(events) {
  return {
    events,
    frames: Math.round(events * 1.5),
    manyEvents: events * 3,
    fewEvents: Math.min(2000, events),
    fewestEvents: 10,
    images: Math.round(events * 1.5),
    scalarEvents: events * 50,
    files: Math.max(10, Math.round(events * 0.015)),
  }
}
