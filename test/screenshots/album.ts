import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunningWeir } from '../e2e/launch-weir.ts'
import { WeirWindow } from '../e2e/weir-window.ts'

const allFolder = fileURLToPath(new URL('../../.cache/screenshots/', import.meta.url))
const docsFolder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))

export const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const
export const THEMES = ['Light', 'Dark'] as const

interface Format {
  readonly theme: (typeof THEMES)[number]
  readonly width: number
  readonly height: number
}

/** A window and the pictures that are taken of it. */
export class Album {
  readonly window: WeirWindow

  constructor(
    readonly weir: RunningWeir,
    readonly format: Format,
  ) {
    this.window = new WeirWindow(weir)
  }

  async begin(): Promise<void> {
    await this.window.resize(this.format.width, this.format.height)
    await this.window.chooseTheme(this.format.theme)
  }

  async take(name: string, options: { readonly isForDocs?: boolean } = {}): Promise<void> {
    const { theme, width } = this.format
    const file = `${name}-${theme.toLowerCase()}-${width}.png`
    await mkdir(allFolder, { recursive: true })
    await this.weir.page.screenshot({ path: join(allFolder, file) })
    if (options.isForDocs === false || width !== SIZES[0].width) return
    await mkdir(docsFolder, { recursive: true })
    await copyFile(join(allFolder, file), join(docsFolder, file))
  }

  async leaveInTheMiddle(): Promise<void> {
    this.weir.app.process().kill('SIGKILL')
    await this.weir.app.close().catch(() => undefined)
  }
}
