import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { ASKING_AGENTS } from '../test/scripted-provider/asking-agent.ts'

/** What a scripted model does when it is asked once. */
const step = z.strictObject({
  /**
   * Words of the answer. `[[words]]` becomes the number of the passage that holds these words, such as `[2]`, and `{{results}}` what the
   * tools gave.
   */
  say: z.string().optional(),
  call: z.array(z.strictObject({ name: z.string(), input: z.record(z.string(), z.unknown()) })).optional(),
  fails: z.enum(['rate-limited', 'error', 'unauthorized', 'bad-request']).optional(),
})

const expectations = z.strictObject({
  /** A pattern that the answer matches; letters count alike, large and small. */
  says: z.string().optional(),
  /** A pattern that neither the answer nor an addition matches. */
  neverSays: z.string().optional(),
  /** Words of a place that the answer cites. */
  cites: z.string().optional(),
  citesNothing: z.literal(true).optional(),
  /** The answer holds a citation that was taken out because its place does not say it. */
  takesOut: z.literal(true).optional(),
  kind: z.enum(['simple', 'complex', 'visual', 'insight']).optional(),
  /** The agent whose answer it is, or that took part, and how that ended. */
  agent: z.strictObject({ name: z.string(), outcome: z.string() }).optional(),
  /** A tool that ran, and what it was called with. */
  tool: z.strictObject({ name: z.string(), input: z.record(z.string(), z.unknown()).optional() }).optional(),
  /** No tool ran that changes anything, and notes, memories and cards are as they were. */
  changesNothing: z.literal(true).optional(),
  /** A pattern that a note matches afterwards. */
  note: z.string().optional(),
  /** A pattern that the address or title of a source matches. */
  source: z.string().optional(),
  /** A pattern that an addition below the answer matches. */
  adds: z.string().optional(),
  /** Nothing went beyond the device but to the language model. */
  leavesNothing: z.literal(true).optional(),
  followUps: z.literal(true).optional(),
  /** What was read in what the learner said; of lists, one item that they hold, word for word. Only of turns that wait for it. */
  analysis: z
    .strictObject({
      by: z.enum(['device', 'model']),
      intent: z.string(),
      sentiment: z.string(),
      concept: z.string(),
      entity: z.string(),
      openQuestion: z.string(),
    })
    .partial()
    .optional(),
  /** The turn ends with this error, and what the learner said is kept. */
  error: z.string().optional(),
  /** US dollars. */
  spendsAtMost: z.number().optional(),
  /** Questions to the model, over all agents. Only where it is scripted. */
  asksAtMost: z.number().int().optional(),
  /** Milliseconds. */
  endsWithin: z.number().int().default(20_000),
})
export type Expectations = z.output<typeof expectations>

const evalCase = z.strictObject({
  name: z.string(),
  /** What the learner had said before, each in a session of its own. */
  memory: z.array(z.string()).default([]),
  notes: z.array(z.strictObject({ title: z.string(), body: z.string() })).default([]),
  documents: z.array(z.strictObject({ title: z.string(), text: z.string() })).default([]),
  /** Said in the same session before the question, each answered. */
  before: z.array(z.string()).default([]),
  /** Screenshots that go along with the question, by the lines that stand in each. */
  screens: z.array(z.array(z.string())).default([]),
  ask: z.string(),
  /** How the learner wants to talk. */
  mode: z.enum(['answer', 'ask-first', 'socratic']).optional(),
  /** What the scripted model does, by who asks it: one step for each time, the last for ever. Left out, it cites what it is shown. */
  model: z.partialRecord(z.enum(ASKING_AGENTS), z.array(step).min(1)).default({}),
  /** The model that is asked must be able to run these tools; where the program offers none of that name yet, the case waits. */
  needs: z.array(z.string()).default([]),
  /** Only the scripted model can be made to do it. */
  scriptedOnly: z.literal(true).optional(),
  /** The learner's own settings, such as `research`; `{web}` stands for the address of the scripted web. */
  settings: z.record(z.string(), z.unknown()).default({}),
  /** What the search engine of the scripted web does wrong. */
  webFault: z.enum(['hang', 'large', 'bomb', 'binary', 'loop', 'metadata', 'page', 'cut']).optional(),
  /** Settings of the configuration by the names of its environment variables. */
  configuration: z.record(z.string(), z.string()).default({}),
  expect: expectations,
})
export type EvalCase = z.output<typeof evalCase> & { file: string }
export type Step = z.output<typeof step>

const FOLDER = join(import.meta.dirname, 'cases')

/** All cases, by file. A file carries its version: a case that asks for something else than before is in a new version. */
export function readCases(): EvalCase[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      const read = z.array(evalCase).safeParse(parse(readFileSync(join(FOLDER, file), 'utf8')))
      if (!read.success) throw new Error(`${file}: ${z.prettifyError(read.error)}`)
      return read.data.map((one) => ({ ...one, file: file.replace(/\.yaml$/, '') }))
    })
}
