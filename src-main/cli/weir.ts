#!/usr/bin/env node
import { listenToSignals, SignalCounter } from './signal-steps.ts'
import { refuseDebugger } from '../refuse-debugger.ts'

refuseDebugger(process)
// Signals are caught before the rest is even loaded: loading takes longer than an impatient Ctrl-C.
const signals = new SignalCounter()
listenToSignals(process, (name) => signals.raise(name))

const { runProgram } = await import('./program.ts')
await runProgram(process.argv.slice(2), { process, signals })
