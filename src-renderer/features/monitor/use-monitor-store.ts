import { defineStore } from 'pinia'
import { ref } from 'vue'

/** How the monitor is shown. */
export const useMonitorStore = defineStore('monitor', () => {
  const isExpanded = ref(false)
  return { isExpanded }
})
