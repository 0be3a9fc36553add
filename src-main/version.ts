import { readFileSync } from 'node:fs'

/** From package.json: one folder up from the source, two from a built file. */
export function appVersion(): string {
  const place = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json'
  return JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')).version
}
