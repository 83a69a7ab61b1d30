import { defineStore } from 'pinia'
import { ref } from 'vue'

export type InspectorTab = 'settings' | 'contents' | 'result'

export const MIN_INSPECTOR_WIDTH = 320
export const MAX_INSPECTOR_WIDTH = 720

/** What stands beside the queue. */
export const useInspectorStore = defineStore('inspector', () => {
  const tab = ref<InspectorTab>('settings')
  /** CSS pixels. */
  const width = ref(420)
  /** The form for a recording takes the inspector's place. */
  const isRecordOpen = ref(false)
  return { tab, width, isRecordOpen }
})
