import { AudioLines, BookOpen, type LucideIcon, Search, SlidersHorizontal } from 'lucide-react'
import { SHORTCUTS, type Shortcut } from './shortcuts.ts'

export interface Place {
  to: '/talk' | '/library' | '/search' | '/settings'
  name: 'talk' | 'library' | 'search' | 'settings'
  Sign: LucideIcon
  shortcut: Shortcut
}

/** The places of the rail, in its order. */
export const PLACES: readonly Place[] = [
  { to: '/talk', name: 'talk', Sign: AudioLines, shortcut: SHORTCUTS.talk },
  { to: '/library', name: 'library', Sign: BookOpen, shortcut: SHORTCUTS.library },
  { to: '/search', name: 'search', Sign: Search, shortcut: SHORTCUTS.search },
  { to: '/settings', name: 'settings', Sign: SlidersHorizontal, shortcut: SHORTCUTS.settings },
]
