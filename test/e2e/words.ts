import { readFileSync } from 'node:fs'
import path from 'node:path'

const catalogue = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../src-renderer/i18n/en.json'), 'utf8'))

/** What the English screens say for a key, with its values put in; so that a test names a meaning and not a wording. */
export function words(key: string, values: Record<string, string | number> = {}): string {
  const text = key.split('.').reduce<unknown>((place, part) => (place as Record<string, unknown>)?.[part], catalogue)
  if (typeof text !== 'string') throw new Error(`No words for ${key}.`)
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? `{{${name}}}`))
}
