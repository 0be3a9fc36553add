import { FaultError } from './faults.ts'
import { hideSecrets } from './secrets.ts'

/** UTF-16 code units; no real name comes near. */
const LONGEST_NAME = 200

/**
 * Names out of a list of models as a server sent it.
 * @throws FaultError where it is not such a list, as when another kind of server answers at that address
 */
export function modelNames(data: unknown, secrets: readonly string[]): string[] {
  if (!Array.isArray(data)) throw new FaultError({ kind: 'unreadable', detail: 'not a list of models' })
  return data
    .map((card: { id?: unknown } | null) => card?.id)
    .filter((id) => typeof id === 'string' && id !== '')
    .map((id) => hideSecrets(String(id), secrets).slice(0, LONGEST_NAME))
}

/** @throws FaultError where a server answered the question for a model with something else, such as a router's page */
export function requireModelCard(card: unknown): void {
  const id = typeof card === 'object' && card !== null && 'id' in card ? card.id : undefined
  if (typeof id !== 'string') throw new FaultError({ kind: 'unreadable', detail: 'not a model' })
}
