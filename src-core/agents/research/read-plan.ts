import type { Errand } from './look-up-plan.ts'
import type { SourceName } from './types.ts'

const MOST_ERRANDS = 4
const MOST_WORDS = 12
const LONGEST = 120

/** Lines of the form `source | language | words`; what is none, or names somebody who was not offered, is left out. */
export function readPlan(plan: string, offered: readonly SourceName[]): Errand[] {
  const errands: Errand[] = []
  for (const line of plan.split('\n')) {
    const [name = '', language = '', ...rest] = line.split('|').map((part) => part.trim())
    const source = offered.find((one) => one === name.toLowerCase())
    const words = rest.join(' ').split(/\s+/).slice(0, MOST_WORDS).join(' ').slice(0, LONGEST).trim()
    const isKnown = errands.some((one) => one.source === source && one.words === words)
    if (!source || words === '' || isKnown) continue
    errands.push({ source, words, language: /^[a-z]{2,3}$/.test(language) ? language : 'en' })
    if (errands.length === MOST_ERRANDS) break
  }
  return errands
}
