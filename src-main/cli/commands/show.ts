import type { Analysis, Capture, Client, LearnerDocument, Note } from '../../../src-core/contract/index.ts'
import { isLvaError, LvaError } from '../../../src-core/kernel/index.ts'
import type { CommandContext } from '../command.ts'
import { harmless, shownTime, type Terminal } from '../terminal.ts'

/** Shows one capture with its answer, one note, or one document with its text. @throws LvaError not-found */
export async function show(context: CommandContext, id: string): Promise<void> {
  const { terminal, json } = context
  const client = await context.client()
  const found = await find(client, id)
  if (json) terminal.json(found)
  else if ('userText' in found) printCapture(terminal, found)
  else if ('sha256' in found) await printDocument(client, terminal, found)
  else printNote(terminal, found)
}

async function find(client: Client, id: string): Promise<Capture | Note | LearnerDocument> {
  try {
    return await client.captures.get({ id })
  } catch (error) {
    if (!isLvaError(error, 'not-found')) throw error
  }
  try {
    return await client.notes.get({ id })
  } catch (error) {
    if (!isLvaError(error, 'not-found')) throw error
  }
  try {
    return await client.documents.get({ id })
  } catch (error) {
    if (!isLvaError(error, 'not-found')) throw error
    throw new LvaError('not-found', 'There is no capture, no note and no document with this id.', {
      advice: '"lva list", "lva list --documents" and "lva search" show the ids.',
      cause: error,
    })
  }
}

function printCapture(terminal: Terminal, capture: Capture): void {
  const { id, createdAt, sessionId, source, userText, answer, pictures = [] } = capture
  terminal.line(`${terminal.strong(shownTime(createdAt))}  ${source}  capture ${id}  session ${sessionId}`)
  terminal.line()
  terminal.line(harmless(userText))
  for (const [index, { mediaType, width, height, reading, description }] of pictures.entries()) {
    terminal.line()
    terminal.line(terminal.strong(`picture ${index + 1}: ${mediaType}, ${width} × ${height} pixels`))
    if (description) terminal.line(harmless(description.text))
    if (reading?.text) terminal.line(harmless(reading.text))
  }
  if (!answer) return
  if (answer.analysis) printAnalysis(terminal, answer.analysis)
  terminal.line()
  terminal.line(terminal.strong(`${answer.provider}, ${answer.model}:`))
  terminal.line(harmless(answer.text))
  for (const { number, when, text, captureId } of answer.citations)
    terminal.line(`[${number}] ${shownTime(when)}  ${harmless(text).replace(/\s+/g, ' ')}  (${captureId})`)
}

function printAnalysis(terminal: Terminal, analysis: Analysis): void {
  const { by, intent, sentiment, difficulty, concepts, entities, openQuestions } = analysis
  const kept = [
    intent.replaceAll('_', ' '),
    sentiment,
    difficulty,
    by === 'model' ? 'by a language model' : 'on this device',
  ]
  terminal.line()
  terminal.line(`Read as: ${kept.filter(Boolean).join(', ')}`)
  if (concepts.length > 0) terminal.line(`About: ${concepts.map(harmless).join(', ')}`)
  if (entities.length > 0)
    terminal.line(`Names: ${entities.map(({ kind, text }) => `${harmless(text)} (${kind})`).join(', ')}`)
  for (const question of openQuestions) terminal.line(`Still open: ${harmless(question)}`)
}

function printNote(terminal: Terminal, { id, title, body, updatedAt }: Note): void {
  terminal.line(`${terminal.strong(harmless(title))}  note ${id}  ${shownTime(updatedAt)}`)
  terminal.line()
  terminal.line(harmless(body))
}

async function printDocument(client: Client, terminal: Terminal, document: LearnerDocument): Promise<void> {
  const { id, title, format, state, error, pages, updatedAt } = document
  terminal.line(`${terminal.strong(harmless(title))}  ${format}  document ${id}  ${shownTime(updatedAt)}`)
  terminal.line(`${error?.code ?? state}${pages === null ? '' : `  ${pages} pages`}`)
  for (let from = 0, total = 1; from < total; ) {
    const text = await client.documents.text({ id, from, limit: 1_000 })
    for (const block of text.blocks) terminal.line(`\n${harmless(block.text)}`)
    total = text.total
    from += 1_000
  }
}
