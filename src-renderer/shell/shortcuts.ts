import { useEffect } from 'react'

export const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)
const MOD = isMac ? '⌘' : 'Ctrl'
const ALT = isMac ? '⌥' : 'Alt'
const SHIFT = isMac ? '⇧' : 'Shift'

export interface Shortcut {
  /** As printed on the learner's keyboard. */
  keys: readonly string[]
  matches(event: KeyboardEvent): boolean
  /** Whether it also works while something is being typed. */
  whileTyping: boolean
}

const mod = (event: KeyboardEvent) => (isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey)
const withMod = (key: string, shift = false): Shortcut => ({
  keys: shift ? [MOD, SHIFT, key.toUpperCase()] : [MOD, key.toUpperCase()],
  // Signs such as the slash need Shift on some keyboards and not on others.
  matches: (event) =>
    mod(event) && !event.altKey && event.key.toLowerCase() === key && (event.shiftKey === shift || !/[a-z]/.test(key)),
  whileTyping: true,
})
// By place on the keyboard: with Option held, a Mac types other signs.
const withAlt = (digit: number): Shortcut => ({
  keys: [ALT, String(digit)],
  matches: (event) => event.altKey && !event.ctrlKey && !event.metaKey && event.code === `Digit${digit}`,
  whileTyping: true,
})

/** Every shortcut of the program, in one place: the screens, the tooltips and the list in Settings read it here. */
export const SHORTCUTS = {
  palette: withMod('k'),
  newSession: withMod('o', true),
  showScreen: withMod('s', true),
  quick: withMod('e', true),
  talk: withAlt(1),
  library: withAlt(2),
  search: withAlt(3),
  map: withAlt(4),
  settings: withAlt(5),
  shortcuts: withMod('/'),
  undo: { ...withMod('z'), whileTyping: false },
  redo: { ...withMod('z', true), whileTyping: false },
} satisfies Record<string, Shortcut>

/** The key that talks while it is held, anywhere. */
export const TALK_KEY = 'F9'

/** True where keys mean letters. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)))
  )
}

/** True where the space bar and Enter press something. */
export function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary, [role], audio, [tabindex]') !== null
}

export interface Binding {
  shortcut: Shortcut
  run(): void
}

/** Runs what the learner's keys ask for. Pass the same array until a binding changes. */
export function useShortcuts(bindings: readonly Binding[]): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      const binding = bindings.find(({ shortcut }) => shortcut.matches(event))
      if (!binding || (!binding.shortcut.whileTyping && isTyping(event.target))) return
      event.preventDefault()
      binding.run()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [bindings])
}
