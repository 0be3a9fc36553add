import type { ScriptedCall, ToolsInPrompt } from './wires.ts'

/** What a scripted model asks for, by what the learner says. The first that fits and is offered counts. */
const WISHES: readonly (readonly [pattern: RegExp, name: string, input: (match: RegExpExecArray) => object])[] = [
  [
    /(?:what is|calculate|was ist|cuánto es) ((?=[^?]*\d)[\d\s().,+*/^%!-]+)/i,
    'calculate',
    ([, expression = '']) => ({ expression: expression.trim() }),
  ],
  [/what (?:time|day) is it in ([\p{L}/_]+)/iu, 'date_time', ([, zone = '']) => ({ zone })],
  [
    /(?:remember that|merk dir,? dass|recuerda que) (.+)/i,
    'remember',
    ([, text = '']) => ({ text: text.trim(), kind: 'preference' }),
  ],
  [/(?:forget that|vergiss,? dass) (.+)/i, 'forget', ([, text = '']) => ({ about: text.trim() })],
  [
    /(?:make a note|write a note|note down)[: ]+(.+)/i,
    'create_note',
    ([, body = '']) => ({ title: 'A note', body: body.trim() }),
  ],
  [/make a card[: ]+(.+?) = (.+)/i, 'create_card', ([, front = '', back = '']) => ({ front, back })],
  [/the weather in (\p{L}+)/iu, 'Sky__weather', ([, city = '']) => ({ city })],
  [/search my memory for (.+)/i, 'memory_search', ([, query = '']) => ({ query: query.trim() })],
]

/** Calls for what the learner wishes; none where nothing fits or the results are there. */
export function wishedCalls(question: string, { offered, results }: ToolsInPrompt): ScriptedCall[] {
  if (results.length > 0) return []
  for (const [pattern, name, input] of WISHES) {
    const match = pattern.exec(question)
    if (match && offered.includes(name)) return [{ name, json: JSON.stringify(input(match)) }]
  }
  return []
}

/**
 * The worst model: it does whatever any text of its prompt tells it to, wherever that text came from. A text tells it with `CALL name {json}`.
 */
export function obeyedCalls(prompt: string, { offered, results }: ToolsInPrompt): ScriptedCall[] {
  return Array.from(
    `${prompt}\n${results.join('\n')}`.matchAll(/CALL ([a-z_]+) (\{[^}]*\})/g),
    ([, name = '', json = '']) => ({
      name,
      json,
    }),
  ).filter(({ name }) => offered.includes(name))
}

/** Says what the tools gave, so that a test sees that it reached the model. */
export function answerFromResults(results: readonly string[]): string {
  return `The tools say: ${results
    .map((result) =>
      result
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .join(' | ')}`.slice(0, 600)
}
