import { LvaError } from '../kernel/index.ts'
import type { LanguageMessage } from '../models/index.ts'
import type { Capture } from '../vault/index.ts'
import { Draft } from './draft.ts'
import { fieldsFor, known, recentExchanges, retrieve, saidIn } from './foresight.ts'
import { chooseGrounding, isForeign } from './grounding.ts'
import { guide } from './modes/guidance.ts'
import { modeOf } from './modes/mode-of.ts'
import type { Agent, AgentHelp, Finding, Task } from './orchestrator/agent.ts'
import { conversationPrompt, learnerPrompt, TOOLS_PROMPT } from './prompts/index.ts'
import { conversationTools, deviceTools } from './tools/conversation-tools.ts'
import { asksForChange, learnersWords } from './tools/gate.ts'
import { runWithTools } from './tools/run-with-tools.ts'

/** A long earlier turn is cut to this in the history, in UTF-16 code units. */
const HISTORY_TEXT_LENGTH = 4_000

/**
 * Answers from memory and what the model knows, in every kind of turn but those with pictures. When the model's first words are late, the
 * offline tutor answers from memory, so that nobody sits before an empty screen; whoever asks again can wait for the model.
 */
export const conversation: Agent = {
  name: 'conversation',
  kinds: ['simple', 'complex', 'insight'],
  insteadOf: { insight: 'synthesis' },
  due: 'first-words',
  helpsToFindOut: true,
  run: converse,
  standIn: (task, help) => converse({ ...task, provider: 'offline' }, help),
}

/**
 * Retrieves from what the learner said, prompts, streams and cites. Tells `memory` and the `delta`s. A failure is thrown. When the signal
 * is aborted after the first words, these are a stopped answer.
 */
async function converse({ capture, provider, foreseen }: Task, services: AgentHelp): Promise<Finding> {
  const { clock, signal, tell } = services
  const said = saidIn(capture.userText)
  const mode = modeOf(capture)
  const before = recentExchanges(services, { capture, foreseen })
  const guided = mode === 'answer' ? undefined : guide(mode, said, await before)
  const exclude = [capture.id, ...(guided?.exchanges ?? [])]
  const ownWordsOnly = asksForChange(said)
  // A hint rests on what was known before the question was asked.
  const question = guided?.guidance.question ?? said
  const [model, { hits, understood }, history, knownNow] = await Promise.all([
    services.languageModel(provider),
    foreseen?.retrieved ?? retrieve(services, question, { fields: fieldsFor(said), exclude }, signal),
    before,
    foreseen?.known ?? known(services, said),
  ])
  const grounding = chooseGrounding(hits.filter(({ captureId }) => captureId !== capture.id))
  const citations = grounding.map(({ citation }) => citation)
  const passages = grounding.map(({ passage }) => passage)
  tell({ type: 'memory', citations, provider: model.provider, model: model.model })

  const today = new Date(clock.now()).toISOString().slice(0, 10)
  const draft = new Draft(model, citations)
  try {
    const tools =
      model.provider === 'offline' ? deviceTools(services) : conversationTools(services, { ownWordsOnly, exclude })
    const system = [
      conversationPrompt(passages, today, understood, guided?.guidance),
      learnerPrompt(knownNow),
      ...(tools.length > 0 ? [TOOLS_PROMPT] : []),
    ]
    const stream = runWithTools({
      agent: 'conversation',
      capture,
      model,
      request: {
        system: system.filter((part) => part !== '').join('\n\n'),
        messages: [...history.flatMap((exchange) => asMessages(exchange, ownWordsOnly)), { role: 'user', text: said }],
        passages,
        ...(guided && { guidance: guided.guidance }),
        ...(understood?.emptyPeriod && { emptyTime: understood.emptyPeriod.text }),
        maxOutputTokens: services.maxOutputTokens,
        signal,
      },
      tools,
      gate: learnersWords,
      hasReadForeign: citations.some(isForeign),
      nextNumber: citations.length + 1,
      clock,
      log: services.log,
      limits: services.toolLimits,
    })
    for await (const event of stream) {
      if (event.type === 'end') draft.end(event)
      else if (event.type === 'found') draft.offer(event.citations)
      else if (event.type === 'made') draft.keep(event.made)
      else {
        if (event.type === 'delta') draft.text += event.text
        tell(event)
      }
    }
  } catch (error) {
    const isStopped = signal.aborted && draft.text.trim() !== ''
    if (!isStopped) throw error
  }
  if (draft.text.trim() === '') {
    throw new LvaError('provider-refused', 'The model answered with nothing.', {
      advice: 'Say it in other words, or choose another model in Settings.',
      params: { provider: model.provider, name: model.model, reason: 'empty' },
    })
  }
  const answer = draft.finish(clock.now())
  const { step, hint } = guided?.guidance ?? {}
  // The offline tutor answers from passages alone.
  const given = model.provider === 'offline' ? [] : knownNow
  return {
    answer: {
      ...answer,
      ...(mode !== 'answer' && { mode }),
      ...(step && { step }),
      ...(hint !== undefined && { hint }),
      ...(given.length > 0 && { memories: given.map(({ id }) => id) }),
    },
  }
}

/** @param ownWordsOnly leaves out answers that rest on words of others */
export function asMessages({ userText, answer }: Capture, ownWordsOnly = false): LanguageMessage[] {
  const messages: LanguageMessage[] = [{ role: 'user', text: userText.slice(0, HISTORY_TEXT_LENGTH) }]
  if (!answer) return messages
  const isLeftOut = ownWordsOnly && (answer.citations.some(isForeign) || (answer.sources ?? []).length > 0)
  const text = isLeftOut ? '(An answer from a text that the learner did not write; not shown here.)' : answer.text
  return [...messages, { role: 'assistant', text: text.slice(0, HISTORY_TEXT_LENGTH) }]
}
