import { useStartStore } from './use-start-store.ts'

/** A file dropped on the window must not open in its place; for now the page says what to do instead. */
export function refuseDrops(target: Document): void {
  target.addEventListener('dragover', (event) => {
    event.preventDefault()
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none'
  })
  target.addEventListener('drop', (event) => {
    event.preventDefault()
    useStartStore().notice = 'drop'
  })
}
