import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useKeysStore = defineStore('keys', () => {
  const isListOpen = ref(false)
  return { isListOpen }
})
