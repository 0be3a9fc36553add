import type { Client } from '../../src-core/contract/index.ts'
import { LvaError } from '../../src-core/kernel/index.ts'
import type { Surroundings } from '../folders.ts'
import type { Terminal } from './terminal.ts'

/** What every command gets. */
export interface CommandContext {
  surroundings: Surroundings
  terminal: Terminal
  json: boolean
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal
  /** Opens the data folder, or the running app's way to it, at the first call. */
  client(): Promise<Client>
}

/** A command line that cannot be carried out; exit code 2. */
export function usageError(message: string, advice = ''): LvaError {
  return new LvaError('bad-input', message, { advice })
}

/** A whole number of a command line. @throws LvaError bad-input */
export function wholeNumber(text: string, name: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw usageError(`--${name} must be a whole number from ${least} to ${most}.`)
}

/** A date or instant of a command line as an ISO 8601 instant; a day alone begins at midnight of this place. @throws LvaError bad-input */
export function instant(text: string, name: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const date = new Date(isDay ? `${text}T00:00` : text)
  if (Number.isNaN(date.getTime())) throw usageError(`--${name} must be a date such as 2026-03-31.`)
  return date.toISOString()
}
