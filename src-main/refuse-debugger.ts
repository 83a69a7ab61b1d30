/**
 * SIGUSR1 makes Node open its inspector, through which every program of this computer could run code in the process. A listener of our own
 * takes that meaning away. Called first of all in each process.
 */
export function refuseDebugger(process: Pick<NodeJS.Process, 'on'>): void {
  process.on('SIGUSR1', () => undefined)
}
