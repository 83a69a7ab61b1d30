import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { FIRST_INPUT, type RecordInput } from './record-draft.ts'

/** What stands in the form for a recording; it stays when the form is closed. */
export const useRecordStore = defineStore('record', () => {
  const input = shallowRef<RecordInput>(FIRST_INPUT)

  function change(part: Partial<RecordInput>): void {
    input.value = { ...input.value, ...part }
  }

  return { input, change }
})
