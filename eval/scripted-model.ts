import type { Prompt } from '../test/scripted-provider/answer.ts'
import { type AskingAgent, askingAgent } from '../test/scripted-provider/asking-agent.ts'
import type { Reply, ScriptedReply } from '../test/scripted-provider/scenarios.ts'
import type { ToolsInPrompt } from '../test/scripted-provider/wires.ts'
import { passagesIn } from '../test/scripted-provider.ts'
import type { EvalCase, Step } from './case.ts'

/** A model that does what the case at hand says. */
export interface ScriptedModel {
  reply: Reply
  /** Forgets what was asked, and follows this case. */
  follow(next: Pick<EvalCase, 'model'>): void
  /** What was asked since then, by whom. */
  readonly asked: readonly { by: AskingAgent | 'other'; tools: readonly string[] }[]
  /** Calls that it made. */
  readonly calls: readonly { name: string; input: unknown }[]
}

export function scriptedModel(): ScriptedModel {
  let script: EvalCase['model'] = {}
  const asked: { by: AskingAgent | 'other'; tools: readonly string[] }[] = []
  const calls: { name: string; input: unknown }[] = []

  function reply(prompt: Prompt, tools: ToolsInPrompt): ScriptedReply | undefined {
    const by = askingAgent(prompt.text) ?? 'other'
    const count = asked.filter((one) => one.by === by).length
    asked.push({ by, tools: tools.offered })
    // Whoever answers a question says the same, unless the case tells them apart.
    const steps =
      (by === 'other' ? undefined : script[by]) ?? (by === 'insight' ? script.conversation : undefined) ?? []
    // Calls of tools that nobody offers cannot be made: the model does what it would do after them.
    const able = steps.filter((step) => step.say !== undefined || step.fails || offeredCalls(step, tools).length > 0)
    const step = able[Math.min(count, able.length - 1)]
    if (!step) return undefined
    if (step.fails) return { fails: step.fails }
    const wanted = offeredCalls(step, tools)
    calls.push(...wanted)
    const text = wordsOf(step, prompt, tools)
    return { text, calls: wanted.map(({ name, input }) => ({ name, json: JSON.stringify(input) })) }
  }

  return {
    reply,
    follow({ model }) {
      script = model
      asked.length = 0
      calls.length = 0
    },
    asked,
    calls,
  }
}

function offeredCalls({ call = [] }: Step, { offered }: ToolsInPrompt) {
  return call.filter(({ name }) => offered.includes(name))
}

function wordsOf({ say = '' }: Step, { text }: Prompt, { results }: ToolsInPrompt): string {
  const passages = passagesIn(text)
  return say
    .replace(/\[\[(.+?)\]\]/g, (_, words: string) => {
      const held = passages.find((passage) => passage.text.includes(words))
      return `[${held?.number ?? 99}]`
    })
    .replace('{{results}}', () =>
      results
        .join(' ')
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
}
