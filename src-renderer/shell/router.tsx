import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { OpenPlace } from '../desk/open-place.tsx'
import { LIBRARY_TABS, LibraryPlace } from '../library/library-place.tsx'
import { MAP_VIEWS, MapPlace } from '../map/map-place.tsx'
import { QuickPlace } from '../quick/quick-place.tsx'
import { RANGES, type SearchAddress } from '../search/request.ts'
import { SearchPlace } from '../search/search-place.tsx'
import { SETTINGS_SECTIONS } from '../settings/sections.ts'
import { SettingsPlace } from '../settings/settings-place.tsx'
import { readDay } from '../summary/subject.ts'
import { SummaryPlace } from '../summary/summary-place.tsx'
import { TalkPlace } from '../talk/talk-place.tsx'
import { Welcome } from '../welcome/welcome.tsx'
import { LostPlace } from './lost-place.tsx'
import { Shell } from './shell.tsx'

const CAPTURE_SOURCES = ['text', 'voice', 'import', 'cli', 'screen'] as const
const HIT_SOURCES = [...CAPTURE_SOURCES, 'note', 'document'] as const

/** What an address says, or undefined where it says nonsense: an old bookmark must not break a place. */
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const place = (value: unknown) => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined)
const oneOf = <T extends string>(values: readonly T[], value: unknown) => values.find((known) => known === value)

const root = createRootRoute({ component: Shell, notFoundComponent: LostPlace, errorComponent: LostPlace })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/talk', search: {} })
  },
})

const talk = createRoute({
  getParentRoute: () => root,
  path: '/talk',
  component: TalkPlace,
  validateSearch: (search): { session?: string } => present({ session: text(search.session) }),
})

const library = createRoute({
  getParentRoute: () => root,
  path: '/library',
  component: LibraryPlace,
  validateSearch: (
    search,
  ): {
    tab?: (typeof LIBRARY_TABS)[number]
    capture?: string
    note?: string
    source?: (typeof CAPTURE_SOURCES)[number]
    document?: string
    /** The place in the document, in UTF-16 code units of its text. */
    from?: number
    to?: number
    collection?: string
    tag?: string
  } =>
    present({
      tab: oneOf(LIBRARY_TABS, search.tab),
      capture: text(search.capture),
      note: text(search.note),
      source: oneOf(CAPTURE_SOURCES, search.source),
      document: text(search.document),
      from: place(search.from),
      to: place(search.to),
      collection: text(search.collection),
      tag: text(search.tag),
    }),
})

const summary = createRoute({
  getParentRoute: () => root,
  path: '/summary',
  component: SummaryPlace,
  validateSearch: (search): { session?: string; day?: string } =>
    present({ session: text(search.session), day: readDay(search.day) }),
})

const find = createRoute({
  getParentRoute: () => root,
  path: '/search',
  component: SearchPlace,
  validateSearch: (search): SearchAddress =>
    present({
      q: text(search.q),
      range: oneOf(RANGES, search.range),
      from: text(search.from),
      to: text(search.to),
      source: oneOf(HIT_SOURCES, search.source),
      session: text(search.session),
      document: text(search.document),
      collection: text(search.collection),
      tag: text(search.tag),
      concept: text(search.concept),
      language: text(search.language),
      asWords: search.asWords === true ? true : undefined,
      asTyped: search.asTyped === true ? true : undefined,
      judging: search.judging === true ? true : undefined,
    }),
})

const map = createRoute({
  getParentRoute: () => root,
  path: '/map',
  component: MapPlace,
  validateSearch: (
    search,
  ): {
    view?: (typeof MAP_VIEWS)[number]
    concept?: string
    /** The other end of a relation. */
    with?: string
  } =>
    present({
      view: oneOf(MAP_VIEWS, search.view),
      concept: text(search.concept),
      with: text(search.with),
    }),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: SettingsPlace,
  validateSearch: (search): { section?: (typeof SETTINGS_SECTIONS)[number] } =>
    present({ section: oneOf(SETTINGS_SECTIONS, search.section) }),
})

const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: Welcome })

const quick = createRoute({
  getParentRoute: () => root,
  path: '/quick',
  component: QuickPlace,
  validateSearch: (search): { text?: string } => present({ text: text(search.text) }),
})

const open = createRoute({
  getParentRoute: () => root,
  path: '/open',
  component: OpenPlace,
  validateSearch: (search): { link?: string } => present({ link: text(search.link) }),
})

const routeTree = root.addChildren([home, talk, library, summary, find, map, settings, welcome, quick, open])

/** Places live behind the hash, so that the page also works from a file. */
export function createPlaces() {
  return createRouter({ routeTree, history: createHashHistory(), defaultPreload: false })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPlaces>
  }
}

/** Without the members that are undefined, which would stand in the address as empty words. */
function present<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T
}
