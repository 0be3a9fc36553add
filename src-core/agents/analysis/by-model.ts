import { z } from 'zod'
import { LvaError } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import { type Analysis, DIFFICULTIES, ENTITY_KINDS, INTENTS, SENTIMENTS } from '../../vault/index.ts'
import { ANALYSIS_SYSTEM, analysisMessage } from '../prompts/index.ts'
import { eachOnce } from './entities.ts'
import { MOST_CONCEPTS, MOST_KEYWORDS } from './on-device.ts'
import { MOST_OPEN_QUESTIONS } from './open-questions.ts'

const MOST_OUTPUT_TOKENS = 600

const texts = z.array(z.string()).default([])
const replySchema = z.object({
  intent: z.enum(INTENTS),
  sentiment: z.enum(SENTIMENTS),
  difficulty: z.enum(DIFFICULTIES).nullable().default(null),
  concepts: texts,
  entities: z.array(z.object({ kind: z.enum(ENTITY_KINDS), text: z.string() })).default([]),
  keywords: texts,
  openQuestions: texts,
})

/**
 * Has a language model read what was said. Of its answer only what stands in the text is taken, so that it can put nothing into the learner's
 * mouth; where it names nothing, what the device found stays.
 * @throws LvaError provider-not-understood when the answer has another form, and all errors of `LanguageModel.stream`
 */
export async function analysedByModel(
  model: LanguageModel,
  text: string,
  onDevice: Analysis,
  signal: AbortSignal,
): Promise<Analysis> {
  let answer = ''
  const request = {
    system: ANALYSIS_SYSTEM,
    messages: [{ role: 'user' as const, text: analysisMessage(text) }],
    passages: [],
    maxOutputTokens: MOST_OUTPUT_TOKENS,
    signal,
  }
  for await (const event of model.stream(request)) if (event.type === 'delta') answer += event.text
  const said = parsed(answer)
  const own = (list: readonly string[], most: number) =>
    [...new Set(list.flatMap((one) => standsIn(text, one) ?? []))].slice(0, most)
  const orDevice = <Item>(list: Item[], found: Item[]) => (list.length > 0 ? list : found)
  return {
    by: 'model',
    intent: said.intent,
    sentiment: said.sentiment,
    difficulty: said.difficulty ?? onDevice.difficulty,
    concepts: orDevice(own(said.concepts, MOST_CONCEPTS), onDevice.concepts),
    entities: orDevice(
      eachOnce(
        said.entities.flatMap(({ kind, text: entity }) => {
          const found = standsIn(text, entity)
          return found ? [{ kind, text: found }] : []
        }),
      ),
      onDevice.entities,
    ),
    keywords: orDevice(own(said.keywords, MOST_KEYWORDS), onDevice.keywords),
    openQuestions: orDevice(own(said.openQuestions, MOST_OPEN_QUESTIONS), onDevice.openQuestions),
  }
}

function parsed(answer: string): z.output<typeof replySchema> {
  try {
    return replySchema.parse(JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)))
  } catch {
    // What it says may hold what the learner said, and must not get into a log.
    throw new LvaError('provider-not-understood', "The language model's analysis was not usable.")
  }
}

/** As it stands in the text; undefined where it does not. */
function standsIn(text: string, quote: string): string | undefined {
  const words = quote.trim()
  const at = words === '' ? -1 : text.toLowerCase().indexOf(words.toLowerCase())
  return at < 0 ? undefined : text.slice(at, at + words.length)
}
