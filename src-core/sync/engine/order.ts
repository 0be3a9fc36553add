import { DEVICES_DOCUMENT } from '../roster.ts'
import type { VaultKeys } from '../vault-keys.ts'

/** Documents that are read before journals: small, and everything else is seen through them. */
const FIRST = [DEVICES_DOCUMENT, 'settings']
const THEN = ['memories', 'deck', 'library']
/** Journals whose rooms are looked for by name before their first frame has told it: months back, and numbers within one. */
const MONTHS = 240
const JOURNALS_OF_MONTH = 4

/** In which order rooms catch up: devices, what is on screen, journals by month backwards, the rest. The least comes first. */
export class CatchUpOrder {
  readonly #keys: VaultKeys
  readonly #now: number
  /** Names of documents by their rooms. */
  #names: ReadonlyMap<string, string> | undefined

  /** @param now milliseconds since 1970 */
  constructor(keys: VaultKeys, now: number) {
    this.#keys = keys
    this.#now = now
  }

  /** Finds the rooms of a thousand names: takes some milliseconds, once. `sorted` does it where it was not done. */
  prepare(): ReadonlyMap<string, string> {
    this.#names ??= this.#named()
    return this.#names
  }

  #named(): ReadonlyMap<string, string> {
    const names = new Map([...FIRST, ...THEN].map((name) => [this.#keys.room(name), name]))
    const month = new Date(this.#now)
    month.setUTCDate(1)
    // Clocks of other devices may be ahead.
    month.setUTCMonth(month.getUTCMonth() + 1)
    for (let back = 0; back < MONTHS; back += 1) {
      const written = month.toISOString().slice(0, 7)
      for (let at = 0; at < JOURNALS_OF_MONTH; at += 1) {
        const name = `journal:${written}.${at}`
        names.set(this.#keys.room(name), name)
      }
      month.setUTCMonth(month.getUTCMonth() - 1)
    }
    return names
  }

  /** Rooms in the order in which they are asked for. */
  sorted<T extends { room: string; doc: string | null }>(rooms: readonly T[], onScreen: readonly string[]): T[] {
    const shown = new Set(onScreen.map((name) => this.#keys.room(name)))
    const keyed = rooms.map((room) => ({ room, key: this.#key(room, shown) }))
    return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ room }) => room)
  }

  #key({ room, doc }: { room: string; doc: string | null }, shown: ReadonlySet<string>): string {
    const name = doc ?? this.prepare().get(room)
    if (name === DEVICES_DOCUMENT) return '0'
    if (shown.has(room)) return '1'
    if (name && FIRST.includes(name)) return '2'
    const journal = name && /^journal:(\d{4})-(\d\d)\.(\d+)$/.exec(name)
    if (journal) {
      const [, year, month, number] = journal
      const backwards = 999_999 - (Number(year) * 12 + Number(month))
      return `3 ${String(backwards).padStart(6, '0')} ${String(999_999 - Number(number)).padStart(6, '0')}`
    }
    if (name && THEN.includes(name)) return '4'
    return `5 ${room}`
  }
}
