import type { Erasure } from '../../../src-core/contract/index.ts'
import { deviceMemory, windowMemory } from '../../backend/device-memory.ts'

/** What the last "Delete everything" of this window left, for the page that begins anew after it. */
const REMEMBERED = 'lva-erasure'

export function rememberErasure(erasure: Erasure): void {
  deviceMemory.clear()
  windowMemory.write(REMEMBERED, JSON.stringify(erasure))
}

export function lastErasure(): Erasure | null {
  const kept = windowMemory.read(REMEMBERED)
  return kept === null ? null : (JSON.parse(kept) as Erasure)
}

export function forgetErasure(): void {
  windowMemory.write(REMEMBERED, null)
}
