import { isId, LONGEST_ID } from './door.ts'

/** What a document holds, told by its name (docs/vault.md §1). */
export type DocumentKind =
  /** Captures of a month, or frames of the study timeline of a day: `YYYY-MM` or `YYYY-MM-DD`. */
  | { kind: 'journal'; of: 'captures' | 'screens'; period: string; number: number }
  | { kind: 'note'; id: string }
  | { kind: 'settings' }
  | { kind: 'library' }
  | { kind: 'memories' }
  | { kind: 'deck' }
  /** Of a part, or of a newer version, that has no rows here. */
  | { kind: 'other' }

export const SETTINGS_DOCUMENT = 'settings'
export const LIBRARY_DOCUMENT = 'library'
export const MEMORIES_DOCUMENT = 'memories'
export const DECK_DOCUMENT = 'deck'
const LONGEST_NAME = 200
const SCREENS = /^screens:(\d{4}-\d\d-\d\d)\.(0|[1-9]\d{0,5})$/

export function documentKind(name: string): DocumentKind {
  if (name === SETTINGS_DOCUMENT) return { kind: 'settings' }
  if (name === LIBRARY_DOCUMENT) return { kind: 'library' }
  if (name === MEMORIES_DOCUMENT) return { kind: 'memories' }
  if (name === DECK_DOCUMENT) return { kind: 'deck' }
  const journal = /^journal:(\d{4}-\d\d)\.(0|[1-9]\d{0,5})$/.exec(name)
  if (journal?.[1] !== undefined) {
    return { kind: 'journal', of: 'captures', period: journal[1], number: Number(journal[2]) }
  }
  const screens = SCREENS.exec(name)
  if (screens?.[1] !== undefined) {
    return { kind: 'journal', of: 'screens', period: screens[1], number: Number(screens[2]) }
  }
  if (name.startsWith('note:')) {
    const id = name.slice('note:'.length)
    if (isId(id, LONGEST_ID)) return { kind: 'note', id }
  }
  return { kind: 'other' }
}

/** `month` as `YYYY-MM`. */
export function journalName(month: string, number: number): string {
  return `journal:${month}.${number}`
}

/** `day` as `YYYY-MM-DD`. */
export function screensName(day: string, number: number): string {
  return `screens:${day}.${number}`
}

export function isScreensName(name: string): boolean {
  return SCREENS.test(name)
}

export function noteName(id: string): string {
  return `note:${id}`
}

/** Whether a name that came from elsewhere can be stored. */
export function isDocumentName(name: string): boolean {
  return isId(name, LONGEST_NAME)
}
