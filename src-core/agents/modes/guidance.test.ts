import { describe, expect, it } from 'vitest'
import type { Answer, Capture, TalkMode } from '../../vault/index.ts'
import { guide } from './guidance.ts'

let count = 0

function exchange(userText: string, step?: Answer['step'], mode: TalkMode = 'ask-first'): Capture {
  count += 1
  return { id: `c${count}`, userText, answer: { mode, ...(step && { step }) } as Answer } as Capture
}

const QUESTION = 'Why is the sky blue?'

describe('ask before tell', () => {
  it('goes from the attempt over three hints to the answer', () => {
    const before: Capture[] = []
    const taken = [QUESTION, 'Because of the sea', 'Something with air', 'I have no idea', 'Is it the sun?'].map(
      (said) => {
        const { guidance } = guide('ask-first', said, before) ?? {}
        before.push(exchange(said, guidance?.step))
        return guidance
      },
    )
    expect(taken.map((guidance) => [guidance?.step, guidance?.hint])).toEqual([
      ['attempt', undefined],
      ['hint', 1],
      ['hint', 2],
      ['hint', 3],
      ['answer', undefined],
    ])
    expect(new Set(taken.map((guidance) => guidance?.question))).toEqual(new Set([QUESTION]))
  })

  it.each([
    'I give up',
    'Just tell me',
    'Show me the answer.',
    "What's the answer?",
    'Tell me now',
    'Ich gebe auf',
    'Sag es mir einfach',
    'Zeig mir die Antwort.',
    'Me rindo',
    'Dime la respuesta',
    'Muéstrame la respuesta.',
  ])('gives the answer at once on "%s"', (said) => {
    expect(guide('ask-first', said, [exchange(QUESTION, 'attempt')])?.guidance).toMatchObject({
      step: 'answer',
      question: QUESTION,
    })
  })

  it.each([
    'Is it because light is scattered?',
    'Maybe the air does it?',
    'Give me a hint?',
    'Can you help me?',
    'Ist es wegen der Luft?',
    'Gibst du mir einen Tipp?',
    '¿Será por el aire?',
    '¿Me das una pista?',
    'The air scatters it',
  ])('gives a hint on "%s"', (said) => {
    expect(guide('ask-first', said, [exchange(QUESTION, 'attempt')])?.guidance.step).toBe('hint')
  })

  it('takes another question as a new one, and plain words as such where nothing is open', () => {
    const open = [exchange(QUESTION, 'attempt')]
    expect(guide('ask-first', 'How does a volcano work?', open)?.guidance).toMatchObject({
      step: 'attempt',
      question: 'How does a volcano work?',
    })
    expect(guide('ask-first', 'Tell me about volcanoes', open)?.guidance.step).toBe('attempt')
    expect(guide('ask-first', 'Today I read about cells', [])).toBeUndefined()
    expect(guide('ask-first', 'Thank you', [...open, exchange('I give up', 'answer')])).toBeUndefined()
  })

  it('counts only what belongs to the question, and names those exchanges', () => {
    const before = [
      exchange('What is a cell?', 'attempt'),
      exchange('A room', 'hint'),
      exchange('I give up', 'answer'),
      exchange(QUESTION, 'attempt'),
      exchange('The sea', 'hint'),
    ]
    const { guidance, exchanges } = guide('ask-first', 'The air', before) ?? {}
    expect(guidance).toMatchObject({ step: 'hint', hint: 2, question: QUESTION })
    expect(exchanges).toEqual(before.slice(3).map(({ id }) => id))
  })

  it('begins anew where another mode was in between', () => {
    const before = [exchange(QUESTION, 'attempt'), exchange('The sea', undefined, 'answer')]
    expect(guide('ask-first', 'The air', before)).toBeUndefined()
  })
})

describe('the other modes', () => {
  it('answer asks for nothing', () => {
    expect(guide('answer', QUESTION, [])).toBeUndefined()
  })

  it('Socratic asks back until the learner wants to be told', () => {
    expect(guide('socratic', QUESTION, [])?.guidance).toEqual({ mode: 'socratic', question: QUESTION })
    expect(guide('socratic', 'The sea mirrors it', [])?.guidance).toEqual({ mode: 'socratic' })
    expect(guide('socratic', 'Just tell me', [exchange(QUESTION, undefined, 'socratic')])?.guidance).toEqual({
      mode: 'socratic',
      step: 'answer',
      question: QUESTION,
    })
  })
})
