import { shell } from 'electron'
import type { Log } from '../../src-core/kernel/index.ts'

/** Has the system open an address, in whatever program is for it. Whoever calls this answers for the address. */
export function openOutside(address: string, log: Log): void {
  shell.openExternal(address).catch((error: unknown) => log.warn({ error }, 'the system did not open an address'))
}
