import { stringify } from 'yaml'
import type { Answer, Capture, CapturePicture, LibraryDocument, Note, Session } from '../../vault/index.ts'
import { endingOf, noteFileName, sessionFileName, shortHash } from '../export/file-names.ts'
import type { VaultItem } from '../records.ts'
import { marker, shield } from './markers.ts'

/** The Markdown of an export (docs/export.md §3), written. */

/** Where a citation leads: a file of the export and a block in it. */
export interface LinkTarget {
  file: string
  block: string | null
  words: string
}

export const ABOUT_FILE = 'learning-voice-agent.md'
const MARKDOWN_VERSION = 1
const LINK_WORDS = 60

export function aboutText(exportedAt: string): string {
  return `${frontMatter({ kind: 'about', exported: exportedAt })}
# Learning Voice Agent

What you said, wrote and gave to read: one file a session, one a note, one a document. It opens in Obsidian and in Logseq, and the program reads it back: Settings, Take it home.
`
}

/** What is known of the learner and their cards, to read; nothing where there is neither. */
export function learnerText({ memories, cards }: Extract<VaultItem, { type: 'learner' }>): string | null {
  if (memories.length + cards.length === 0) return null
  const accepted = memories.filter(({ state }) => state === 'accepted')
  const waiting = memories.filter(({ state }) => state === 'proposed')
  const list = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `## ${heading}`, '', ...lines.map((line) => `- ${shield(line)}`)]
  const day = (instant: string) => instant.slice(0, 'YYYY-MM-DD'.length)
  const lines = [
    ...list(
      'About me',
      accepted.map(({ text, kind, validFrom, validTo }) => {
        return `${oneLine(text)} (${kind}, from ${day(validFrom)}${validTo === null ? '' : ` to ${day(validTo)}`})`
      }),
    ),
    ...list(
      'Not accepted yet',
      waiting.map(({ text, kind }) => `${oneLine(text)} (${kind})`),
    ),
    ...list(
      'Cards',
      cards.map(
        ({ front, back, state }) => `${oneLine(front)} :: ${oneLine(back)}${state === 'kept' ? '' : ' (candidate)'}`,
      ),
    ),
  ]
  return `${frontMatter({ kind: 'learner' })}\n# About me\n${lines.join('\n')}\n`
}

export const LEARNER_FILE = 'about-me.md'

export function sessionPath(session: Session): string {
  return `sessions/${session.createdAt.slice(0, 'YYYY'.length)}/${sessionFileName(session)}.md`
}

export function notePath(note: Note): string {
  return `notes/${noteFileName(note)}.md`
}

export function sessionHead(session: Session): string {
  const { id, title, createdAt } = session
  const heading = oneLine(title ?? session.preview)
  return `${frontMatter({ kind: 'session', id, title, created: createdAt, tags: ['learning-voice-agent'] })}
# ${heading === '' ? createdAt.slice(0, 'YYYY-MM-DD'.length) : heading}
`
}

/** @param links the targets of the answer's citations that are part of the export, by their number */
export function captureText(capture: Capture, links: ReadonlyMap<number, LinkTarget>): string {
  const { userText, answer, ...rest } = capture
  const when = `${capture.createdAt.slice(0, 'YYYY-MM-DD'.length)} ${capture.createdAt.slice('YYYY-MM-DDT'.length, 'YYYY-MM-DDTHH:MM'.length)} UTC`
  const parts = ['', marker('capture', rest), `**${when}** (${capture.source}) ^${blockOf(capture.id)}`, '']
  if (capture.audioSha256) parts.push(`![recording](../../attachments/${capture.audioSha256}.wav)`, '')
  for (const picture of capture.pictures ?? []) parts.push(`![picture](../../attachments/${pictureFile(picture)})`, '')
  parts.push(marker('said'), shield(userText))
  if (answer) parts.push(...answerParts(answer, links))
  parts.push(marker('end'), '')
  return parts.join('\n')
}

function answerParts({ text, ...rest }: Answer, links: ReadonlyMap<number, LinkTarget>): string[] {
  const sources = [...links].map(([number, { file, block, words }]) => {
    const target = block === null ? file : `${file}#^${block}`
    return `${number}. [[${target}|${linkWords(words)}]]`
  })
  return [marker('answer', rest), shield(text), ...(sources.length > 0 ? [marker('sources'), ...sources] : [])]
}

export function noteText(note: Note): string {
  const { id, title, body, createdAt, updatedAt, metadata } = note
  const tags = Array.isArray(metadata?.tags) ? metadata.tags : []
  const embeds = attachmentsOf(note).map(
    ({ name, sha256 }) => `![${oneLine(name).replace(/[[\]]/g, ' ')}](../attachments/${attachmentName(name, sha256)})`,
  )
  return [
    frontMatter({ kind: 'note', id, title, created: createdAt, updated: updatedAt, tags }),
    marker('body', { metadata }),
    shield(body),
    marker('end'),
    ...embeds,
    '',
  ].join('\n')
}

export function documentPath(document: LibraryDocument): string {
  return `documents/${noteFileName(document)}.md`
}

/** A page about the document that leads to its file. */
export function documentText(
  document: LibraryDocument,
  collections: Extract<VaultItem, { type: 'document' }>['collections'],
): string {
  const { id, title, sha256, format, size, origins, tags, createdAt, updatedAt, sound, keepsSound } = document
  const rests = { ...(sound && { sound }), ...(keepsSound && { keepsSound }) }
  const words = oneLine(title).replace(/[[\]]/g, ' ').trim()
  return [
    frontMatter({
      ...{ kind: 'document', id, title, created: createdAt, updated: updatedAt, tags },
      collections: collections.map(({ name }) => name),
    }),
    marker('document', { sha256, format, size, origins, tags, collections, ...rests }),
    `[${words === '' ? format : words}](../attachments/${documentFile(document)})`,
    marker('end'),
    '',
  ].join('\n')
}

/** The name of its bytes among the attachments. */
export function documentFile({ sha256, format, origins, sound }: LibraryDocument): string {
  const named = sound ? format : origins.map(({ name }) => endingOf(name)).find((ending) => ending !== '')
  return attachmentName(`.${named ?? format}`, sha256)
}

/** The name of its bytes among the attachments. */
export function pictureFile({ sha256, mediaType }: Pick<CapturePicture, 'sha256' | 'mediaType'>): string {
  return attachmentName(`.${mediaType === 'image/jpeg' ? 'jpg' : mediaType.slice('image/'.length)}`, sha256)
}

/** The files that a note came with. */
export function attachmentsOf({ metadata }: Pick<Note, 'metadata'>): { name: string; sha256: string }[] {
  const list = Array.isArray(metadata?.attachments) ? metadata.attachments : []
  return list.filter(
    (item): item is { name: string; sha256: string } =>
      typeof item?.name === 'string' && typeof item.sha256 === 'string' && /^[0-9a-f]{64}$/.test(item.sha256),
  )
}

export function attachmentName(name: string, sha256: string): string {
  const ending = endingOf(name)
  return ending === '' ? sha256 : `${sha256}.${ending}`
}

/** Letters, digits and dashes, which is all that a block id may hold. */
export function blockOf(captureId: string): string {
  return `c-${/^[A-Za-z0-9-]+$/.test(captureId) ? captureId : shortHash(captureId)}`
}

function frontMatter(fields: Record<string, unknown>): string {
  return `---\n${stringify({ lva: MARKDOWN_VERSION, ...fields }, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}---\n`
}

function linkWords(text: string): string {
  const line = oneLine(text).replace(/[[\]|#^]/g, ' ')
  const words = line.length > LINK_WORDS ? `${line.slice(0, LINK_WORDS - 1).toWellFormed()}…` : line
  return words.trim() === '' ? 'source' : words.trim()
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}
