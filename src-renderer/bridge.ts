import { type AppInfo, type Reply, requestValues } from '../src-preload/contract.ts'

/** The only file that touches `window.weir`. Values are validated here; a failure or one that does not fit rejects. */
export async function readAppInfo(): Promise<AppInfo> {
  return requestValues['weir:read-app-info'].parse(takeValue(await window.weir.readAppInfo()))
}

function takeValue<Value>(reply: Reply<Value>): Value {
  if (reply.ok) return reply.value
  throw new Error(`${reply.error.message} (${reply.error.code})`)
}
