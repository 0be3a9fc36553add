import type { Client, ConsentDecision, TurnEvent } from '../../../src-core/contract/index.ts'
import type { CommandContext } from '../command.ts'
import { openQuestions, type Questions } from '../read-phrase.ts'
import { harmless } from '../terminal.ts'

type ConsentEvent = Extract<TurnEvent, { type: 'consent' }>

/** Answers what a turn asks before something leaves the device. */
export interface Agreement {
  /** Neither waits for the learner nor for the core: the answer goes on. */
  hear(event: ConsentEvent): void
  close(): void
}

const ANSWERS: Record<string, ConsentDecision> = { y: 'once', yes: 'once', a: 'always', always: 'always' }

/** @param yes agrees to each; otherwise the learner is asked where somebody sits before the terminal, and silence is no */
export function agreement({ terminal }: CommandContext, client: Client, yes: boolean): Agreement {
  let questions: Questions | undefined
  let line = Promise.resolve()

  async function decisionOn({ to, sends }: ConsentEvent): Promise<ConsentDecision> {
    if (yes) return 'once'
    if (!process.stdin.isTTY) {
      terminal.remark(`Not sent to ${harmless(to)}: "${harmless(sends)}". --yes agrees to such questions.`)
      return 'no'
    }
    questions ??= openQuestions()
    const answer = await questions.ask(
      `\nResearch would send to ${harmless(to)}: "${harmless(sends)}"\nSend it? [y]es, [a]lways for this source, [N]o: `,
    )
    return ANSWERS[answer.trim().toLowerCase()] ?? 'no'
  }

  return {
    hear(event) {
      if (event.state === 'late') terminal.remark(`No answer in time: nothing was sent to ${harmless(event.to)}.`)
      if (event.state !== 'open') return
      line = line
        .then(async () => {
          await client.turns.consent({ id: event.id, decision: await decisionOn(event) })
        })
        // The end of the input, or of the turn, says no.
        .catch(() => undefined)
    },
    close: () => questions?.close(),
  }
}
