import { AudioLines, BookOpen, type LucideIcon, Search, SlidersHorizontal, Waypoints } from 'lucide-react'
import { SHORTCUTS, type Shortcut } from './shortcuts.ts'

export interface Place {
  to: '/talk' | '/library' | '/search' | '/map' | '/settings'
  name: 'talk' | 'library' | 'search' | 'map' | 'settings'
  Sign: LucideIcon
  shortcut: Shortcut
}

/** The places of the rail, in its order. */
export const PLACES: readonly Place[] = [
  { to: '/talk', name: 'talk', Sign: AudioLines, shortcut: SHORTCUTS.talk },
  { to: '/library', name: 'library', Sign: BookOpen, shortcut: SHORTCUTS.library },
  { to: '/search', name: 'search', Sign: Search, shortcut: SHORTCUTS.search },
  { to: '/map', name: 'map', Sign: Waypoints, shortcut: SHORTCUTS.map },
  { to: '/settings', name: 'settings', Sign: SlidersHorizontal, shortcut: SHORTCUTS.settings },
]
