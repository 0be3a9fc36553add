import type { SeenTurn } from '../test/whole-program.ts'
import type { Expectations } from './case.ts'

/** A turn, and what it left. */
export interface Seen extends SeenTurn {
  /** Notes after the turn. */
  notes: readonly string[]
  /** Nothing that a tool could change is another than before. */
  isUnchanged: boolean
}

/** What only a scripted model can tell. */
export interface Watched {
  asked: number
  calls: readonly { name: string; input: unknown }[]
}

/** Tools that look and change nothing. */
const LOOKS = new Set(['memory_search', 'calculate', 'date_time'])

/** Holds a turn against what was expected. @returns complaints, none where all is as expected */
export function check(expect: Expectations, seen: Seen, watched?: Watched): string[] {
  const { capture, events } = seen
  const answer = capture?.answer
  const text = [answer?.text ?? '', ...(answer?.additions ?? []).map((addition) => addition.text)].join('\n')
  const complaints: string[] = []
  const must = (holds: boolean | undefined, complaint: string) => {
    if (!holds) complaints.push(complaint)
  }

  if (expect.error === undefined) {
    must(seen.error === undefined, `ended with ${seen.error}`)
    must(!!answer, 'has no answer')
  } else {
    must(seen.error === expect.error, `ended with ${seen.error ?? 'an answer'} instead of ${expect.error}`)
    must(!!capture?.userText, 'lost what the learner said')
  }
  if (expect.says !== undefined)
    must(matches(expect.says, answer?.text ?? ''), `does not say /${expect.says}/: ${short(text)}`)
  if (expect.neverSays !== undefined)
    must(!matches(expect.neverSays, text), `says /${expect.neverSays}/: ${short(text)}`)
  if (expect.cites !== undefined) {
    const { cites } = expect
    const cited = answer?.citations.filter(({ number }) => answer.text.includes(`[${number}]`)) ?? []
    must(
      cited.some((citation) => citation.text.includes(cites)),
      `cites nothing that holds "${cites}": ${short(text)}`,
    )
  }
  if (expect.citesNothing)
    must(answer?.citations.length === 0, `cites ${answer?.citations.map((one) => short(one.text))}`)
  if (expect.takesOut) must(text.includes('[?]'), `took no citation out: ${short(text)}`)
  if (expect.kind !== undefined) must(answer?.kind === expect.kind, `is taken for ${answer?.kind}, not ${expect.kind}`)
  if (expect.agent !== undefined) {
    const { name, outcome } = expect.agent
    const ran = answer?.agentsUsed.filter((run) => run.agent === name).map((run) => run.outcome) ?? []
    must(ran.includes(outcome as never), `${name} is ${ran.join(', ') || 'not there'}, not ${outcome}`)
  }
  const tools = events.flatMap((event) => (event.type === 'tool' ? [event] : []))
  if (expect.tool !== undefined) {
    const { name, input } = expect.tool
    must(
      tools.some((tool) => tool.name === name && tool.state === 'done'),
      `${name} did not run`,
    )
    must(
      answer?.agentsUsed.some((run) => run.tools?.includes(name)),
      `${name} is not recorded`,
    )
    if (input && watched) {
      const given = watched.calls.filter((call) => call.name === name).map((call) => JSON.stringify(call.input))
      must(given.includes(JSON.stringify(input)), `${name} was called with ${given}`)
    }
  }
  if (expect.changesNothing) {
    const changed = tools.filter(({ name, state }) => state !== 'failed' && !LOOKS.has(name)).map(({ name }) => name)
    must(changed.length === 0, `ran ${changed}`)
    must(seen.isUnchanged, 'changed notes, memories or cards')
  }
  if (expect.note !== undefined) {
    const { note } = expect
    must(
      seen.notes.some((one) => matches(note, one)),
      `made no note /${note}/`,
    )
  }
  if (expect.source !== undefined) {
    const { source } = expect
    must(
      answer?.sources?.some(({ title, url }) => matches(source, `${title} ${url}`)),
      `names no source /${source}/`,
    )
  }
  if (expect.adds !== undefined) {
    const { adds } = expect
    const additions = answer?.additions?.map((addition) => addition.text) ?? []
    must(
      additions.some((one) => matches(adds, one)),
      `adds nothing like /${adds}/: ${additions.map(short)}`,
    )
  }
  if (expect.leavesNothing) {
    const asked = answer?.agentsUsed.flatMap((run) => run.asked ?? []) ?? []
    must(asked.length === 0, `asked ${asked.map(({ to }) => to)}`)
  }
  if (expect.analysis !== undefined) {
    const { concept, entity, openQuestion, ...labels } = expect.analysis
    const found = answer?.analysis
    for (const [of, label] of Object.entries(labels))
      must(found?.[of as keyof typeof labels] === label, `${of} is ${found?.[of as keyof typeof labels]}, not ${label}`)
    const holds = (item: string | undefined, list: readonly string[] = []) =>
      must(item === undefined || list.includes(item), `"${item}" is not among ${list.join(', ') || 'none'}`)
    holds(concept, found?.concepts)
    holds(
      entity,
      found?.entities.map(({ text }) => text),
    )
    holds(openQuestion, found?.openQuestions)
  }
  if (expect.followUps) must((answer?.followUps?.length ?? 0) > 0, 'proposes nothing to ask next')
  if (expect.spendsAtMost !== undefined) {
    const cost = answer?.costUsd
    must(cost !== null && cost !== undefined && cost <= expect.spendsAtMost, `spent $${cost}`)
  }
  if (expect.asksAtMost !== undefined && watched)
    must(watched.asked <= expect.asksAtMost, `asked the model ${watched.asked} times`)
  must(seen.ms <= expect.endsWithin, `took ${seen.ms} ms`)
  return complaints
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern, 'iu').test(text)
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 160 ? `${line.slice(0, 159)}\u2026` : line
}
