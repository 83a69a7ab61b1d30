import type { AppInfo } from '../../../src-preload/contract.ts'

/** Tasks in the order of the page, with what follows the program's name; null: not built yet. */
export const tasks = [
  { name: 'sample', command: 'record --simulate 2000 --out sample.rtdc' },
  { name: 'smaller', command: 'rewrite sample.rtdc --out smaller.rtdc' },
  { name: 'part', command: 'rewrite sample.rtdc --features scalar --events 0:500 --out part.rtdc' },
  { name: 'inspect', command: 'inspect sample.rtdc' },
  { name: 'verify', command: 'verify sample.rtdc' },
  { name: 'basins', command: null },
] as const

export type TaskName = (typeof tasks)[number]['name']

const programs: Readonly<Record<AppInfo['startedFrom'], string>> = {
  checkout: 'npm run --silent weir --',
  installed: 'weir',
}

/** The whole line to type in a terminal. */
export function nameCommand(command: string, startedFrom: AppInfo['startedFrom']): string {
  return `${programs[startedFrom]} ${command}`
}
