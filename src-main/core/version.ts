import { readFileSync } from 'node:fs'

/** From package.json, which stands two folders up from here in the checkout and in a build alike. */
export function appVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}
