import type { AppInfo, QueueRow } from '../../../src-preload/contract.ts'

/** What "Copy report" puts on the clipboard: all that is known of a job's end, as text. Holds paths, and no values of the measurement. */
export function composeReport(row: QueueRow, info: AppInfo | null): string {
  const { life, job } = row
  return [
    info === null ? 'Weir' : `Weir ${info.version}, Electron ${info.electron}, ${info.platform}`,
    `state: ${life.state}`,
    `added: ${row.addedAt}`,
    ...(row.endedAt === null ? [] : [`ended: ${row.endedAt}`]),
    ...(life.state === 'failed' || life.state === 'cancelled'
      ? [`error: ${JSON.stringify(life.error)}`]
      : []),
    ...(life.state === 'done' ? [`result: ${JSON.stringify(life.figures)}`] : []),
    ...(life.progress === null ? [] : [`last figures: ${JSON.stringify(life.progress)}`]),
    ...(row.leftoverPath === null ? [] : [`temporary file: ${row.leftoverPath}`]),
    `job: ${JSON.stringify(job)}`,
    ...life.warnings.map((warning) => `warning: ${JSON.stringify(warning)}`),
    ...(life.warningCount > life.warnings.length ? [`warnings in all: ${life.warningCount}`] : []),
    ...(life.state === 'failed' && life.lastWords !== null ? ['last words:', life.lastWords] : []),
    '',
  ].join('\n')
}
