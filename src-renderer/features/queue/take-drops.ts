import { addDroppedSources } from '../basin-file/use-basin-file.ts'
import { useInspectorStore } from '../inspector/use-inspector-store.ts'
import { addDropped } from './use-add-files.ts'
import { useAddingStore } from './use-adding-store.ts'

/** Files and folders may be dropped anywhere on the window; without this the page would give way to the file. */
export function takeDrops(target: Document): void {
  target.addEventListener('dragover', (event) => {
    event.preventDefault()
    const isFile = event.dataTransfer?.types.includes('Files') === true
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = isFile ? 'copy' : 'none'
    useAddingStore().isDragging = isFile
  })
  target.addEventListener('dragleave', (event) => {
    // Between two elements of the page there is always a related one; none means that the window was left.
    if (event.relatedTarget === null) useAddingStore().isDragging = false
  })
  target.addEventListener('drop', (event) => {
    event.preventDefault()
    useAddingStore().isDragging = false
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length === 0) return
    // What is dropped while the form for a basin file is open is meant for it.
    void (useInspectorStore().form === 'basins' ? addDroppedSources(files) : addDropped(files))
  })
}
