import { describe, expect, it } from 'vitest'
import type { Guidance, Passage } from '../../types.ts'
import { replyTo } from './reply.ts'

const passage = (text: string, when = '2026-03-03T10:00:00Z'): Passage => ({
  number: 1,
  captureId: 'c1',
  from: 'said',
  text,
  when,
  score: 0.8,
})
const PHOTOSYNTHESIS = passage('Photosynthesis turns light into chemical energy.')

function reply(text: string, guidance: Guidance, passages: Passage[] = [PHOTOSYNTHESIS]): string {
  const messages = [{ role: 'user' as const, text }]
  return replyTo({ messages, passages, guidance, nowMs: Date.UTC(2026, 2, 10, 12), timeZone: 'UTC' })
}

const QUESTION = 'What does photosynthesis do?'
const at = (step: Guidance['step'], hint?: number): Guidance => ({
  mode: 'ask-first',
  question: QUESTION,
  ...(step && { step }),
  ...(hint && { hint }),
})

describe('the tutor where the learner wants to find out', () => {
  it('gives nothing away before the first attempt', () => {
    const said = reply(QUESTION, at('attempt'))
    expect(said).not.toMatch(/light|chemical|energy/)
    expect(said).toMatch(/\?$/)
  })

  it('says where to look, then shows the sentence with gaps, then with first letters', () => {
    const hints = [1, 2, 3].map((hint) => reply('I have no idea', at('hint', hint)))
    expect(hints[0]).toContain('on 3 March')
    expect(hints[0]).not.toMatch(/turns|light|chemical|energy/)
    expect(hints[1]).toContain('“Photosynthesis ___ ___ into ___ ___”')
    expect(hints[2]).toContain('“Photosynthesis t… l… into c… e…”')
  })

  it('knows an attempt that is right, and quotes what it was', () => {
    const said = reply('It turns light to energy for the plant', at('hint', 1))
    expect(said).toContain('That is it: “Photosynthesis turns light into chemical energy” [1]')
  })

  it('tells the answer when it is wanted', () => {
    expect(reply('I give up', at('answer'))).toContain('“Photosynthesis turns light into chemical energy” [1]')
  })

  it('asks back in Socratic talk', () => {
    const said = reply(QUESTION, { mode: 'socratic', question: QUESTION })
    expect(said).not.toMatch(/light|energy/)
    expect(said).toMatch(/\?$/)
  })

  it('says plainly where memory holds nothing to find out', () => {
    expect(reply(QUESTION, at('attempt'), [])).toMatch(/nothing about/)
  })

  it('speaks German and Spanish', () => {
    const german = passage('Die Fotosynthese wandelt Licht in chemische Energie um.')
    const frage = 'Was macht die Fotosynthese?'
    const hint = (hint: number) =>
      reply('Das weiß ich nicht', { mode: 'ask-first', step: 'hint', hint, question: frage }, [german])
    expect(hint(1)).toContain('am 3. März')
    expect(hint(2)).toContain('___')
    expect(hint(2)).not.toMatch(/Licht|Energie/)
    const spanish = passage('La fotosíntesis convierte la luz en energía química.')
    const pregunta = '¿Qué hace la fotosíntesis?'
    const pista = reply('No lo sé', { mode: 'ask-first', step: 'hint', hint: 1, question: pregunta }, [spanish])
    expect(pista).toContain('el 3 de marzo')
  })
})
