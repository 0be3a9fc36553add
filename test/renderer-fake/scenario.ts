import type { Settings } from '../../src-core/contract/index.ts'

/** What the imitated core should be like. */
export interface Scenario {
  /** Captures in memory, besides the few that are written by hand. */
  captures: number
  /** How many of those belong to one session. */
  perSession: number
  /** Whether memory holds anything at all. */
  isEmpty: boolean
  /**
   * `fail:<code>` fails a turn with that code after it was stored; `slow` streams slowly; `hang` never answers; `partly` lacks two agents; `research` asks before words leave; `several`
   * has others add to it, each after `addingMs`; `late` is answered in place of a model that was late.
   */
  answer: string
  addingMs: number
  provider: 'anthropic' | 'offline'
  /** Milliseconds before a search answers; later searches answer sooner when `searchRace` is set. */
  searchMs: number
  searchRace: boolean
  /** Milliseconds before the forecast of retention, which is counted when it is asked, is told; files go in half of them. */
  forecastMs: number
  /** A search for these words never answers; empty for none. */
  searchHangs: string
  /** `fail:<code>` fails every recording. */
  speech: string
  /** Texts that the index has not read. */
  pending: number
  semantic: boolean
  /** Concepts, besides the few that are written by hand. */
  concepts: number
  /** Texts that were not read for concepts. */
  unread: number
  /** Documents, besides the few that are written by hand. */
  documents: number
  /** Milliseconds that reading a document takes. */
  readMs: number
  /** The error of files whose name begins with `broken`. */
  brokenAs: string
  /** Whether web pages cannot be fetched. */
  offline: boolean
  /** Milliseconds of each of ten steps of an export or import. */
  portableMs: number
  /** The error with which looking at an import, or an export, fails half way; empty for none. */
  importFails: string
  exportFails: string
  /** Whether there were imports before. */
  pastImports: boolean
  /** How backups that are set up stand: `well`, `failing`, `stale` or `key-unknown`; empty while there is no phrase. */
  backups: string
  /** Frames of the study timeline. */
  frames: number
  /** How sync stands: see `imitateSync`. */
  sync: string
  /** The desktop around the page: see `imitateDesk`. */
  desk: string
  settings: Partial<Settings>
}

export function readScenario(address: URLSearchParams): Scenario {
  const text = (name: string, otherwise: string) => address.get(name) ?? otherwise
  return {
    captures: Number(text('captures', '0')),
    perSession: Number(text('perSession', '40')),
    isEmpty: address.has('empty'),
    answer: text('answer', 'ok'),
    desk: text('desk', ''),
    addingMs: Number(text('addingMs', '60')),
    provider: text('provider', 'anthropic') === 'offline' ? 'offline' : 'anthropic',
    searchMs: Number(text('searchMs', '5')),
    searchRace: address.has('searchRace'),
    forecastMs: Number(text('forecastMs', '0')),
    searchHangs: text('searchHangs', ''),
    speech: text('speech', 'ok'),
    pending: Number(text('pending', '0')),
    semantic: !address.has('wordsOnly'),
    concepts: Number(text('concepts', '0')),
    unread: Number(text('unread', '0')),
    documents: Number(text('documents', '0')),
    readMs: Number(text('readMs', '400')),
    brokenAs: text('brokenAs', 'bad-input'),
    offline: address.has('offline'),
    portableMs: Number(text('portableMs', '60')),
    importFails: text('importFails', ''),
    exportFails: text('exportFails', ''),
    pastImports: address.has('pastImports'),
    backups: text('backups', ''),
    frames: Number(text('frames', '0')),
    sync: text('sync', 'out'),
    settings: {
      welcomed: !address.has('firstRun'),
      theme: text('theme', 'system') as Settings['theme'],
      language: text('language', 'en') as Settings['language'],
      speakAnswers: address.has('speak'),
    },
  }
}
