import { contextBridge, ipcRenderer } from 'electron'
import type { Reply, RequestChannel, Requests, WeirBridge } from './contract.ts'

function ask<Channel extends RequestChannel>(
  channel: Channel,
  ...requestArguments: Requests[Channel]['arguments']
): Promise<Reply<Requests[Channel]['value']>> {
  return ipcRenderer.invoke(channel, ...requestArguments)
}

contextBridge.exposeInMainWorld('weir', {
  readAppInfo: () => ask('weir:read-app-info'),
} satisfies WeirBridge)
