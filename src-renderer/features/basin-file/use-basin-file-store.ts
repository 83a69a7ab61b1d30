import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import type { BasinPathReport, FileRef } from '../../../src-preload/contract.ts'
import type { Asked } from '../file/use-file-store.ts'
import { type BasinFileInput, FIRST_INPUT, type FormPath, type FormSource } from './basin-file-draft.ts'

/** What stands in the form for a basin file, and what is known of its paths; it stays when the form is closed. */
export const useBasinFileStore = defineStore('basin-file', () => {
  const input = shallowRef<BasinFileInput>(FIRST_INPUT)
  const reports = shallowReactive(new Map<number, Asked<BasinPathReport>>())
  let lastId = 0

  function change(part: Partial<BasinFileInput>): void {
    input.value = { ...input.value, ...part }
  }

  function makeFile(file: FileRef): FormPath {
    lastId += 1
    return { id: lastId, kind: 'file', file }
  }

  function makeTyped(path = ''): FormPath {
    lastId += 1
    return { id: lastId, kind: 'typed', path }
  }

  /** Adds a basin at the end; gives it. */
  function addSource(first: FormPath): FormSource {
    lastId += 1
    const source = { id: lastId, paths: [first] }
    change({ sources: [...input.value.sources, source] })
    return source
  }

  /** A basin without paths is none. */
  function setPaths(sourceId: number, paths: readonly FormPath[]): void {
    const sources = input.value.sources.map((source) =>
      source.id === sourceId ? { ...source, paths } : source,
    )
    change({ sources: sources.filter((source) => source.paths.length > 0) })
  }

  /** An empty form again; how paths are written and what happens to names stays. */
  function clear(): void {
    const { paths, collision, folder } = input.value
    input.value = { ...FIRST_INPUT, paths, collision, folder }
    reports.clear()
  }

  return { input, reports, change, makeFile, makeTyped, addSource, setPaths, clear }
})
