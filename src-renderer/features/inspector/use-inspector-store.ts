import { defineStore } from 'pinia'
import { ref } from 'vue'

export type InspectorTab = 'settings' | 'contents' | 'basins' | 'result'
/** Jobs that are not made of files alone. */
export type InspectorForm = 'record' | 'basins'

export const MIN_INSPECTOR_WIDTH = 320
export const MAX_INSPECTOR_WIDTH = 720

/** What stands beside the queue. */
export const useInspectorStore = defineStore('inspector', () => {
  const tab = ref<InspectorTab>('settings')
  /** CSS pixels. */
  const width = ref(420)
  /** The form for a new job takes the inspector's place. */
  const form = ref<InspectorForm | null>(null)
  /** In a narrow window it lies over the queue, and only when it is asked for. */
  const isUncovered = ref(false)

  function toggleForm(wanted: InspectorForm): void {
    form.value = form.value === wanted ? null : wanted
    if (form.value !== null) isUncovered.value = true
  }

  return { tab, width, form, isUncovered, toggleForm }
})
