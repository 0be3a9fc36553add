/** Keys as Electron writes them (https://www.electronjs.org/docs/latest/tutorial/keyboard-shortcuts), from keys that are pressed and for eyes. */

export interface PressedKeys {
  /** The place of the key on the keyboard, as KeyboardEvent says it. */
  code: string
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** What was pressed: keys, a modifier that waits for its key, or keys that would be taken from every program. */
export type Pressed = { keys: string } | 'unfinished' | 'unsuitable'

const NAMED: Record<string, string> = {
  Space: 'Space',
  Insert: 'Insert',
  Delete: 'Delete',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
}
const MODIFIERS = ['Control', 'Meta', 'Alt', 'AltGraph', 'Shift', 'OS', 'Dead', 'Unidentified']

/** @param isMac where Command is what Control is elsewhere */
export function pressedKeys(event: PressedKeys, isMac: boolean): Pressed {
  if (MODIFIERS.includes(event.key)) return 'unfinished'
  const key = keyOf(event)
  const main = isMac ? event.metaKey : event.ctrlKey
  const other = isMac ? event.ctrlKey : event.metaKey
  const isFunctionKey = key !== undefined && /^F\d+$/.test(key)
  // A letter alone, or with Shift, is typed in every program; Ctrl with Alt is AltGr on many keyboards.
  const isTyped = !main && !other && !event.altKey && !isFunctionKey
  if (key === undefined || isTyped || (!isMac && event.ctrlKey && event.altKey)) return 'unsuitable'
  const parts = [
    main && 'CommandOrControl',
    other && (isMac ? 'Control' : 'Super'),
    event.altKey && 'Alt',
    event.shiftKey && 'Shift',
    key,
  ]
  return { keys: parts.filter(Boolean).join('+') }
}

/** Letters go by what the keyboard prints, the rest by its place: with Shift a digit is another sign. */
function keyOf({ key, code }: PressedKeys): string | undefined {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase()
  const place = /^(?:Key([A-Z])|Digit(\d)|(F\d{1,2}))$/.exec(code)
  return place?.[1] ?? place?.[2] ?? place?.[3] ?? NAMED[code]
}

/** The keys as they are printed on the learner's keyboard; none for none. */
export function printedKeys(keys: string, isMac: boolean): string[] {
  const printed: Record<string, string> = isMac
    ? { CommandOrControl: '⌘', Control: '⌃', Alt: '⌥', Shift: '⇧' }
    : { CommandOrControl: 'Ctrl', Super: 'Super' }
  return keys === '' ? [] : keys.split('+').map((part) => printed[part] ?? part)
}
