import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

/** Files on their way into the queue. */
export const useAddingStore = defineStore('adding', () => {
  /** Something is dragged over the window. */
  const isDragging = ref(false)
  const isMakingSample = ref(false)
  /** Jobs that were added and whose rows are still to come. */
  const addedIds = shallowRef<readonly string[]>([])
  return { isDragging, isMakingSample, addedIds }
})
