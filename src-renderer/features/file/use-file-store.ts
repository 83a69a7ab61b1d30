import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'
import type { FileView, LogView, Token } from '../../../src-preload/contract.ts'

/** What is known of something that had to be asked for. */
export type Asked<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly code: string; readonly message: string }
  | { readonly state: 'there'; readonly value: Value }

/** Files whose contents are kept; those that were not asked for the longest give way. */
export const MOST_FILES = 50
const MOST_LOGS = 20

export type FileSection = 'attributes' | 'features' | 'logs' | 'tables' | 'basins' | 'others'

/** What files hold, by token. State only: asking lives in `use-file.ts`. */
export const useFileStore = defineStore('file', () => {
  const files = shallowReactive(new Map<Token, Asked<FileView>>())
  const logs = shallowReactive(new Map<string, Asked<LogView>>())
  /** What is looked for in the contents, in whatever file is shown. */
  const searchText = ref('')
  const openSections = shallowReactive(new Set<FileSection>(['features']))

  function setFile(token: Token, file: Asked<FileView>): void {
    keepNewest(files, { key: token, value: file, most: MOST_FILES })
  }

  function setLog(token: Token, name: string, log: Asked<LogView>): void {
    keepNewest(logs, { key: nameLog(token, name), value: log, most: MOST_LOGS })
  }

  function forgetLogs(token: Token): void {
    for (const key of [...logs.keys()]) if (key.startsWith(token)) logs.delete(key)
  }

  function readView(token: Token): FileView | null {
    const file = files.get(token)
    return file?.state === 'there' ? file.value : null
  }

  function readLog(token: Token, name: string): Asked<LogView> | undefined {
    return logs.get(nameLog(token, name))
  }

  return { files, searchText, openSections, setFile, setLog, forgetLogs, readView, readLog }
})

function nameLog(token: Token, name: string): string {
  return `${token} ${name}`
}

interface Newest<Value> {
  readonly key: string
  readonly value: Value
  readonly most: number
}

/** A map keeps the order in which its keys came: the first is the oldest. */
function keepNewest<Value>(map: Map<string, Value>, { key, value, most }: Newest<Value>): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of [...map.keys()].slice(0, Math.max(0, map.size - most))) map.delete(oldest)
}
