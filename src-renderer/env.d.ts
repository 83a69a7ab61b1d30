import type { WeirBridge } from '../src-preload/contract.ts'

declare global {
  interface Window {
    readonly weir: WeirBridge
  }
}
