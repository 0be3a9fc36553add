import type { Clock, Config, NewId } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import type { DocumentStore } from './document-store.ts'
import { type History, type Pile, type Step, takeBack } from './history.ts'
import type { TransactionStep } from './outbox.ts'
import type { VaultChange } from './types.ts'
import type { DocOf, NotPromise, Writer } from './writer.ts'

/** What every operation of an open vault works with. */
export interface Core {
  db: Database
  vaultId: string
  clock: Clock
  newId: NewId
  limits: VaultLimits
  tuning: VaultTuning
  documents: DocumentStore
  writer: Writer
  history: History
}

export type VaultLimits = Pick<Config['limits'], 'textLength'>

/** Sizes that tests make small. */
export interface VaultTuning {
  /** A journal with as many captures, or bytes of updates, is full. */
  journalCaptures: number
  journalBytes: number
  cachedDocuments: number
  /** See `DocumentTuning.compactRows`. */
  compactRows: number
}

export const DEFAULT_TUNING: VaultTuning = {
  journalCaptures: 2_000,
  journalBytes: 16 * 2 ** 20,
  cachedDocuments: 16,
  compactRows: 100,
}

/** The present instant as documents write it. */
export function nowOf(core: Core): string {
  return new Date(core.clock.now()).toISOString()
}

/**
 * Writes a change of the learner, who can then take it back. Only inside `writer.exclusively`.
 * @param also done in the same transaction
 */
export async function writeStep<T>(
  core: Core,
  names: readonly string[],
  fn: (docOf: DocOf) => NotPromise<T>,
  also?: TransactionStep,
): Promise<{ result: T; change: VaultChange | null }> {
  const { result, change, step } = await core.writer.writeStep<T>(names, fn, also)
  core.history.push(step)
  return { result, change }
}

/** Takes a step back, or makes it again. Only inside `writer.exclusively`. @returns null where nothing of it is left to turn */
export async function turnStep(core: Core, step: Step, pile: Pile): Promise<VaultChange | null> {
  const moment = { now: nowOf(core), deletionId: core.newId() }
  const names = step.map(({ doc }) => doc)
  const written = await core.writer.writeStep(names, (docOf) => takeBack(step, docOf, moment))
  if (written.change) pile.turned(step, written.step)
  else pile.drop(step)
  return written.change
}
