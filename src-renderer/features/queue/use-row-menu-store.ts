import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** Where the menu of the marked rows is open; null: it is closed. */
export const useRowMenuStore = defineStore('row-menu', () => {
  const at = shallowRef<{ readonly x: number; readonly y: number } | null>(null)
  return { at }
})
