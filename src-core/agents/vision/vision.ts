import { isLvaError } from '../../kernel/index.ts'
import { type LanguageModel, OFFLINE_MODEL } from '../../models/index.ts'
import type { Answer, Capture } from '../../vault/index.ts'
import { asMessages } from '../conversation.ts'
import { Draft } from '../draft.ts'
import { recentExchanges } from '../foresight.ts'
import type { Agent, AgentHelp, Finding, Task } from '../orchestrator/agent.ts'
import { visionPrompt } from '../prompts/index.ts'
import { beginOnDevice, citedOnDevice, readOnDevice } from './read-on-device.ts'
import { type PictureRegions, regionsOf } from './regions.ts'
import { type PictureWish, wishOf } from './wish.ts'

/** A model is shown the pictures without what stands in them, where reading takes longer; milliseconds. */
const READING_BEFORE_MODEL = 4_000
/** Without a model, reading is waited for so long; milliseconds. The first words are there before. */
const READING_ON_DEVICE = 60_000
const SAID_LENGTH = 24_000
/** Of what a model says of a picture, so much is its description, in UTF-16 code units. */
const DESCRIPTION_LENGTH = 600
/** What is asked where nothing was said beside the pictures. */
const UNSAID = 'What is this?'
/** What a server answers that does not take pictures, or none for this model. */
const CANNOT_SEE = ['provider-refused', 'provider-not-understood'] as const

/** Describes, reads, explains and compares pictures: with a model that sees, else by what the device reads in them. */
export const vision: Agent = {
  name: 'vision',
  kinds: ['visual'],
  due: 'first-words',
  run: look,
  standIn: (task, help) => look({ ...task, provider: 'offline' }, help),
}

async function look({ capture, provider }: Task, help: AgentHelp): Promise<Finding> {
  const wish = wishOf(capture.userText, capture.pictures?.length ?? 0)
  const model = await help.languageModel(provider)
  const reading = readPictures(capture, help)
  if (model.provider === 'offline') return { answer: await answerHere(capture, reading, wish, help) }
  const known = await reading.within(READING_BEFORE_MODEL)
  const answer = await askModel(known, wish, model, help)
  if (answer) return { answer }
  return { answer: await answerHere(capture, reading, wish, help, model) }
}

/** Begins to read the pictures, which goes on when nobody waits for it any more. `within`: the capture as it is known then. */
function readPictures(capture: Capture, { pictures, clock, vault, signal }: AgentHelp) {
  const begun = clock.monotonic()
  const reading = pictures?.readNew(capture) ?? Promise.resolve(capture)
  reading.catch(() => undefined)
  return {
    async within(ms: number): Promise<Capture> {
      const over = new AbortController()
      const left = Math.max(0, ms - (clock.monotonic() - begun))
      const waited = clock.sleep(left, AbortSignal.any([signal, over.signal])).then(() => undefined)
      try {
        return (await Promise.race([reading, waited])) ?? (await vault.captures.get(capture.id))
      } finally {
        waited.catch(() => undefined)
        over.abort()
      }
    },
  }
}

/** Undefined where the model cannot look at pictures. */
async function askModel(
  capture: Capture,
  wish: PictureWish,
  model: LanguageModel,
  help: AgentHelp,
): Promise<Answer | undefined> {
  const { clock, signal, tell, pictures, vault } = help
  const regions = regionsOf(capture)
  const hashes = (capture.pictures ?? []).map(({ sha256 }) => sha256)
  const shown = await Promise.all(hashes.map((sha256) => pictures?.shown(sha256, signal)))
  const history = await recentExchanges(help, { capture })
  const draft = new Draft(model, regions.citations)
  tell({ type: 'memory', citations: regions.citations, provider: model.provider, model: model.model })
  const passages = regions.passages.map(({ number, text }) => ({
    number,
    text,
    picture: regions.citations[number - 1]?.place?.picture ?? 1,
  }))
  try {
    const stream = model.stream({
      system: visionPrompt(wish, passages, new Date(clock.now()).toISOString().slice(0, 10)),
      messages: [
        ...history.flatMap((exchange) => asMessages(exchange)),
        {
          role: 'user',
          text: capture.userText.trim() === '' ? UNSAID : capture.userText.slice(0, SAID_LENGTH),
          pictures: shown.filter((picture) => picture !== undefined),
        },
      ],
      passages: [],
      maxOutputTokens: help.maxOutputTokens,
      signal,
    })
    for await (const event of stream) {
      if (event.type === 'end') draft.end(event)
      else if (event.type === 'delta') {
        draft.text += event.text
        tell(event)
      }
    }
  } catch (error) {
    const hasBegun = draft.text.trim() !== ''
    if (signal.aborted && hasBegun) return placedAnswer(draft.finish(clock.now()), regions)
    if (!signal.aborted && !hasBegun && CANNOT_SEE.some((code) => isLvaError(error, code))) return undefined
    throw error
  }
  if (draft.text.trim() === '') return undefined
  const answer = placedAnswer(draft.finish(clock.now()), regions)
  const [only, ...others] = hashes
  if (only !== undefined && others.length === 0 && wish === 'describe' && answer.ending === 'complete') {
    const description = { text: descriptionFrom(answer.text), model: answer.model, at: answer.createdAt }
    await vault.captures.setPicture(capture.id, only, { description }).catch((error: unknown) => {
      help.log.warn({ error, capture: capture.id }, 'what a model said of a picture could not be kept with it')
    })
  }
  return answer
}

/** @param failedModel the one that was to look and could not */
async function answerHere(
  capture: Capture,
  reading: ReturnType<typeof readPictures>,
  wish: PictureWish,
  { clock, tell, signal }: AgentHelp,
  failedModel?: LanguageModel,
): Promise<Answer> {
  signal.throwIfAborted()
  const beginning = beginOnDevice(capture, failedModel?.model)
  tell({ type: 'memory', citations: [], provider: 'offline', model: OFFLINE_MODEL })
  tell({ type: 'delta', text: beginning })
  const known = await reading.within(READING_ON_DEVICE)
  const regions = regionsOf(known)
  const body = readOnDevice(known, regions, wish)
  const citations = citedOnDevice(body, regions.citations)
  const text = beginning + body
  tell({ type: 'delta', text: body })
  return placedAnswer(
    {
      ...{ text, citations, provider: 'offline', model: OFFLINE_MODEL, inputTokens: 0, outputTokens: 0, costUsd: 0 },
      ...{ agentsUsed: [], ending: 'complete', createdAt: new Date(clock.now()).toISOString() },
    },
    regions,
  )
}

function placedAnswer(answer: Answer, regions: PictureRegions): Answer {
  return { ...answer, citations: answer.citations.map(regions.placed) }
}

/** An answer without its marks, up to the end of a sentence. */
function descriptionFrom(text: string): string {
  const plain = text.replace(/[ \t]*\[(?:\?|\d{1,2}(?:\s*,\s*\d{1,2})*)\]/g, '').trim()
  if (plain.length <= DESCRIPTION_LENGTH) return plain
  const cut = plain.slice(0, DESCRIPTION_LENGTH)
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('! '), cut.lastIndexOf('? '))
  return end > 0 ? cut.slice(0, end + 1) : `${cut.slice(0, cut.lastIndexOf(' '))}…`
}
