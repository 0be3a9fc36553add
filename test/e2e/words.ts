import { readFileSync } from 'node:fs'
import path from 'node:path'

export type Language = 'en' | 'de' | 'es'

const catalogueOf = (language: Language) =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, `../../src-renderer/i18n/${language}.json`), 'utf8'))
const english = catalogueOf('en')

/** What the English screens say for a key, with its values put in; so that a test names a meaning and not a wording. */
export function words(key: string, values: Record<string, string | number> = {}): string {
  const text = key.split('.').reduce<unknown>((place, part) => (place as Record<string, unknown>)?.[part], english)
  if (typeof text !== 'string') throw new Error(`No words for ${key}.`)
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? `{{${name}}}`))
}

/** Every sentence of the screens by its key, in one language. */
export function sentencesIn(language: Language): Map<string, string> {
  const found = new Map<string, string>()
  const visit = (catalogue: object, prefix: string) => {
    for (const [name, value] of Object.entries(catalogue)) {
      if (typeof value === 'string') found.set(prefix + name, value)
      else visit(value, `${prefix}${name}.`)
    }
  }
  visit(catalogueOf(language), '')
  return found
}
