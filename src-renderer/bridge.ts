import { type AppInfo, appInfoSchema, type Reply } from '../src-preload/contract.ts'

/** The only file that touches `window.weir`. Values are validated here; a failure or one that does not fit rejects. */
export async function readAppInfo(): Promise<AppInfo> {
  return appInfoSchema.parse(takeValue(await window.weir.readAppInfo()))
}

function takeValue<Value>(reply: Reply<Value>): Value {
  if (reply.ok) return reply.value
  throw new Error(`${reply.error.message} (${reply.error.code})`)
}
