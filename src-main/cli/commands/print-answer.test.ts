import { expect, it } from 'vitest'
import type { CommandContext } from '../command.ts'
import { printWhatBelongsTo } from './print-answer.ts'

const ANSWER = { agentsUsed: [], citations: [], provider: 'anthropic', model: 'claude' }

function printed(answer: Parameters<typeof printWhatBelongsTo>[1]): string {
  const lines: string[] = []
  const terminal = { line: (text = '') => void lines.push(text), remark: () => undefined }
  printWhatBelongsTo({ terminal } as unknown as CommandContext, answer)
  return lines.join('\n')
}

it('says what was made for the learner, with the id by which it can be taken back', () => {
  const made = [
    { kind: 'note' as const, id: 'n1', text: 'The heart\nhas four chambers' },
    { kind: 'card' as const, id: 'c1', text: 'Capital of Peru?' },
  ]
  expect(printed({ ...ANSWER, made })).toBe(
    '\nNote made: The heart has four chambers  (n1)\nCard made: Capital of Peru?  (c1)',
  )
  expect(printed(ANSWER)).toBe('')
})
