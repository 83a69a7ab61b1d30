import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import type { FileRef, RefusedJob, RewriteDraft, Token } from '../../../src-preload/contract.ts'
import { useQueueStore } from '../queue/use-queue-store.ts'
import { FIRST_DEFAULTS, makeRewriteDraft, type SheetDefaults } from './sheet-defaults.ts'
import { type SheetItem, toSheetItem } from './sheet-item.ts'

export const sheetSections = [
  'features',
  'events',
  'compression',
  'basins',
  'metadata',
  'recording',
  'paths',
  'output',
  'verification',
] as const
export type SheetSection = (typeof sheetSections)[number]

/** What was done last and is told in the sheet's footer. */
export type SheetNotice = 'copied' | 'not-copied' | 'default-set' | 'default-beside'

/** What the job sheet acts on, and the settings for files that are added next. */
export const useSheetStore = defineStore('sheet', () => {
  const queue = useQueueStore()
  const defaults = shallowRef<SheetDefaults>(FIRST_DEFAULTS)
  /** Where files that are added next are written; forgotten with the window. Null: beside each input. */
  const folder = shallowRef<FileRef | null>(null)
  /** Those that are seldom touched; what is set in them their headings say. */
  const closedSections = shallowReactive(new Set<SheetSection>(['basins', 'metadata', 'verification']))
  const isExpertOpen = ref(false)
  /** Why the last change was not taken. */
  const failure = ref<string | null>(null)
  const notice = ref<SheetNotice | null>(null)
  /** Jobs that did not take the name that was given last, by their ids. */
  const unnamed = shallowRef<ReadonlyMap<string, RefusedJob>>(new Map())
  /** Folders that were chosen in this window, by their paths: only with its token can one be given to files added next. */
  const chosenFolders = new Map<string, FileRef>()

  const nextItem = computed<SheetItem>(() => {
    const { settings, output } = defaults.value
    return {
      ...{ id: null, task: 'rewrite', input: null, indexFile: null, inputRoot: null, settings },
      output: {
        folder: folder.value?.path ?? null,
        template: output.name,
        collision: output.collision,
        mirror: output.mirror === true,
      },
    }
  })
  const waitingRows = computed(() => queue.selectedRows.filter(({ life }) => life.state === 'waiting'))
  /** None waits: the settings are only shown. */
  const isReadOnly = computed(() => queue.selectedRows.length > 0 && waitingRows.value.length === 0)
  /** The waiting ones of the selected jobs; those that run or have ended if none waits; nothing selected: what is added next. */
  const items = computed<readonly SheetItem[]>(() => {
    if (queue.selectedRows.length === 0) return [nextItem.value]
    return (isReadOnly.value ? queue.selectedRows : waitingRows.value).map(toSheetItem)
  })

  /** The request for files that were just chosen. */
  function draftRewrites(inputs: readonly Token[]): RewriteDraft {
    return makeRewriteDraft(inputs, { defaults: defaults.value, folder: folder.value })
  }

  return {
    ...{ defaults, folder, chosenFolders, closedSections, isExpertOpen, failure, notice, unnamed },
    ...{ waitingRows, isReadOnly, items, draftRewrites },
  }
})
