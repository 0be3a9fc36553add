import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { type DeskChange, GLOBAL_KEYS, USUAL_KEYS } from '../../src-core/contract/index.ts'
import type { Log } from '../../src-core/kernel/index.ts'

const choicesSchema = z.object({
  background: z.enum(['ask', 'on', 'off']).catch('ask'),
  keys: z.record(z.enum(GLOBAL_KEYS), z.string().max(100)).catch({ ...USUAL_KEYS }),
  language: z.enum(['en', 'de', 'es']).nullable().catch(null),
})

/** What this machine remembers of the desktop; what is chosen for keys belongs to a keyboard, and is not synced. */
export type DeskChoices = z.output<typeof choicesSchema>

export interface ChoicesFile {
  read(): DeskChoices
  write(choices: DeskChoices): void
}

/**
 * Keeps choices in a JSON file. One that is missing or damaged is the usual choice; what cannot be written counts until the program ends, so
 * that a full disk keeps no window from closing.
 */
export function choicesFile(path: string, log: Pick<Log, 'warn'>): ChoicesFile {
  return {
    read() {
      let kept: unknown = {}
      try {
        kept = JSON.parse(readFileSync(path, 'utf8'))
      } catch {
        // The first start, or a file that was damaged: the usual choices are as good.
      }
      return choicesSchema.safeParse(kept).data ?? choicesSchema.parse({})
    },
    write(choices) {
      try {
        writeFileSync(path, JSON.stringify(choices))
      } catch (error) {
        log.warn({ error }, 'what was chosen of the desktop could not be written')
      }
    },
  }
}

/** The choices after a change. The same keys are for one thing only: the one that had them, and is not changed, keeps them. */
export function changed(choices: DeskChoices, { background, keys = {} }: DeskChange): DeskChoices {
  // What is changed lets go of its keys first, so that two may change places.
  const left = GLOBAL_KEYS.filter((name) => keys[name] === undefined)
  const next = { ...choices.keys }
  const settled = [...left]
  for (const name of GLOBAL_KEYS) {
    const wanted = keys[name]
    if (wanted === undefined) continue
    const isTaken = (word: string) => word !== '' && settled.some((other) => next[other] === word)
    // Where its own keys went to another meanwhile, it has none.
    next[name] = [wanted, next[name]].find((word) => !isTaken(word)) ?? ''
    settled.push(name)
  }
  return { ...choices, background: background ?? choices.background, keys: next }
}
