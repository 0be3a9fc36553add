import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder, makeZip, readWhole } from '../../../test/portable-sources.ts'

/**
 * Exports of ChatGPT and Claude as they are described in public: a tree of messages under `mapping` with `current_node`
 * (github.com/mitkury/chatgpt-export-parser, docs/chatgpt-data-export-format.md), and `chat_messages` in their order with `content`,
 * `attachments` and `extracted_content` (github.com/Sinity/polylogue, docs/providers/claude-ai.md).
 */

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-chats-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const AT = 1_700_000_000
const iso = (seconds: number) => new Date(seconds * 1_000).toISOString()

interface Message {
  role?: string
  parts?: unknown[]
  type?: string
  at?: number
  metadata?: Record<string, unknown>
}

/** A node of ChatGPT's tree; `message` null for the root. */
const node = (id: string, parent: string | null, children: string[], message: Message | null) => ({
  [id]: {
    ...{ id, parent, children },
    message: message && {
      id,
      author: { role: message.role ?? 'user' },
      create_time: message.at ?? AT,
      content: { content_type: message.type ?? 'text', parts: message.parts ?? [] },
      metadata: message.metadata ?? {},
    },
  },
})
const conversation = (id: string, current: string, ...nodes: object[]) => ({
  title: `About ${id}`,
  create_time: AT,
  conversation_id: id,
  current_node: current,
  mapping: Object.assign({}, ...nodes),
})
const chatGpt = (...conversations: unknown[]) => ({ 'conversations.json': JSON.stringify(conversations) })

describe('ChatGPT', () => {
  it('pairs what was said with the answer that was shown, and keeps the others', async () => {
    const branches = conversation(
      'branches',
      'a2',
      node('root', null, ['system'], null),
      node('system', 'root', ['q'], { role: 'system', parts: ['You are helpful.'] }),
      node('q', 'system', ['a1', 'a2', 'a3'], { parts: ['What is osmosis?'] }),
      node('a1', 'q', [], { role: 'assistant', parts: ['First try.'], metadata: { model_slug: 'gpt-4' } }),
      node('a2', 'q', [], { role: 'assistant', parts: ['Shown.'], at: AT + 5, metadata: { model_slug: 'gpt-4o' } }),
      node('a3', 'q', [], { role: 'assistant', parts: ['Third try.'] }),
    )
    const { kind, sessions, captures, problems } = await readWhole(
      await makeZip(join(folder, 'c.zip'), chatGpt(branches)),
    )
    expect([kind, problems]).toEqual(['chatgpt', []])
    expect(sessions).toEqual([{ id: 'chatgpt:branches', title: 'About branches', createdAt: iso(AT) }])
    expect(captures).toMatchObject([
      {
        sessionId: 'chatgpt:branches',
        source: 'import',
        userText: 'What is osmosis?',
        answer: { text: 'Shown.', provider: 'chatgpt', model: 'gpt-4o', createdAt: iso(AT + 5) },
        metadata: { from: 'chatgpt', alternatives: ['First try.', 'Third try.'] },
      },
    ])
  })

  it('keeps every wording of an edited question as a capture of its own', async () => {
    const edited = conversation(
      'edited',
      'a2',
      node('root', null, ['q1', 'q2'], null),
      node('q1', 'root', ['a1'], { parts: ['First wording'] }),
      node('a1', 'q1', [], { role: 'assistant', parts: ['One.'] }),
      node('q2', 'root', ['a2'], { parts: ['Second wording'], at: AT + 9 }),
      node('a2', 'q2', [], { role: 'assistant', parts: ['Two.'] }),
    )
    const { captures } = await readWhole(makeFolder(folder, chatGpt(edited)))
    expect(captures.map(({ userText, answer, createdAt }) => [userText, answer?.text, createdAt])).toEqual([
      ['First wording', 'One.', iso(AT)],
      ['Second wording', 'Two.', iso(AT + 9)],
    ])
  })

  it('takes no word of tools, thoughts, systems and hidden messages for the learner’s or the answer', async () => {
    const tools = conversation(
      'tools',
      'end',
      node('q', null, ['think'], { parts: ['Plot it'] }),
      node('think', 'q', ['call'], { role: 'assistant', type: 'thoughts', parts: ['secret thought'] }),
      node('call', 'think', ['out'], { role: 'assistant', type: 'code', parts: ['import numpy'] }),
      node('out', 'call', ['hidden'], { role: 'tool', type: 'execution_output', parts: ['42'] }),
      node('hidden', 'out', ['end'], {
        role: 'user',
        parts: ['hidden context'],
        metadata: { is_visually_hidden_from_conversation: true },
      }),
      node('end', 'hidden', [], { role: 'assistant', parts: ['Here it is.'] }),
    )
    const { captures } = await readWhole(makeFolder(folder, chatGpt(tools)))
    expect(captures.map(({ userText, answer }) => [userText, answer?.text])).toEqual([['Plot it', 'Here it is.']])
  })

  it('brings pictures along, and the words of what was spoken', async () => {
    const shown = conversation(
      'shown',
      'q2',
      node('q1', null, ['q2'], {
        type: 'multimodal_text',
        parts: [{ content_type: 'image_asset_pointer', asset_pointer: 'file-service://file-abc' }, 'What is this?'],
      }),
      node('q2', 'q1', [], {
        type: 'multimodal_text',
        parts: [{ content_type: 'audio_transcription', text: 'spoken words' }],
      }),
    )
    const files = { ...chatGpt(shown), 'file-abc-photo.png': 'PNG', 'user.json': '{}', 'chat.html': '<html>' }
    const { captures, attachments } = await readWhole(await makeZip(join(folder, 'c.zip'), files))
    expect(captures.map(({ userText }) => userText)).toEqual(['What is this?', 'spoken words'])
    expect(attachments).toEqual(['file-abc-photo.png'])
  })

  it('survives nodes that are deleted, missing, in a circle or no nodes at all', async () => {
    const broken = conversation(
      'broken',
      'gone',
      node('q', 'was-deleted', ['a', 'not-there'], { parts: ['Still here?'] }),
      node('a', 'q', ['q'], { role: 'assistant', parts: ['Yes.'] }),
      node('empty', 'q', [], null),
      node('odd', 'q', [], { parts: [null, 7, { content_type: 'unknown' }] }),
      { nonsense: 'text', other: null },
    )
    const { captures, problems } = await readWhole(makeFolder(folder, chatGpt(broken, { title: 'no mapping' }, 'text')))
    expect(captures.map(({ userText, answer }) => [userText, answer?.text])).toEqual([['Still here?', 'Yes.']])
    expect(problems).toEqual([
      ['malformed', 'conversations.json[2]'],
      ['malformed', 'conversations.json[3]'],
    ])
  })

  it('splits a text of millions of characters, and gives the same ids again', async () => {
    const long = 'This line is long enough to be cut after it.\n'.repeat(60_000)
    const huge = conversation(
      'huge',
      'a',
      node('q', null, ['a'], { parts: [long] }),
      node('a', 'q', [], { role: 'assistant', parts: ['Long.'] }),
    )
    const path = makeFolder(folder, chatGpt(huge))
    const { captures } = await readWhole(path, 1_000_000)
    expect(captures.map(({ userText }) => userText).join('')).toBe(long)
    expect(captures).toHaveLength(3)
    expect(captures.every(({ userText }) => userText.length <= 1_000_000)).toBe(true)
    expect(captures.map(({ answer }) => answer?.text)).toEqual([undefined, undefined, 'Long.'])
    expect((await readWhole(path, 1_000_000)).captures).toEqual(captures)
  })

  it('of a file that was cut gives what is whole before it, and reads large exports in their parts', async () => {
    const one = (id: string) => conversation(id, 'q', node('q', null, [], { parts: [id] }))
    const json = JSON.stringify([one('first'), one('second')])
    writeFileSync(join(folder, 'conversations.json'), json.slice(0, -30))
    const cut = await readWhole(folder)
    expect([cut.captures.map(({ userText }) => userText), cut.problems]).toEqual([
      ['first'],
      [['cut-off', 'conversations.json']],
    ])
    const parts = {
      'conversations-000.json': JSON.stringify([one('a')]),
      'conversations-001.json': JSON.stringify([one('b')]),
    }
    const { captures } = await readWhole(await makeZip(join(folder, 'p.zip'), parts))
    expect(captures.map(({ userText }) => userText)).toEqual(['a', 'b'])
  })
})

describe('Claude', () => {
  const message = (sender: string, text: string, more: object = {}) => ({
    ...{ uuid: `${sender}-${text.slice(0, 8)}`, sender, text, created_at: '2025-02-03T04:05:06.789Z' },
    ...more,
  })
  const claude = (...messages: object[]) => ({
    'conversations.json': JSON.stringify([
      { uuid: 'u1', name: 'Optics', created_at: '2025-02-03T04:00:00Z', chat_messages: messages },
    ]),
    'users.json': '[]',
  })

  it('pairs human and assistant, reads content before text, and leaves tools and thoughts out', async () => {
    const files = claude(
      message('assistant', 'Hello, before anything was asked.'),
      message('human', 'How do lenses work?'),
      message('assistant', 'flat text', {
        content: [
          { type: 'thinking', thinking: 'secret' },
          { type: 'text', text: 'They bend light.' },
          { type: 'tool_use', name: 'search', input: {} },
          { type: 'tool_result', content: 'found' },
          { type: 'text', text: 'By refraction.' },
        ],
      }),
      message('assistant', 'And one more thing.'),
      message('human', ''),
    )
    const { kind, sessions, captures } = await readWhole(await makeZip(join(folder, 'c.zip'), files))
    expect(kind).toBe('claude')
    expect(sessions).toEqual([{ id: 'claude:u1', title: 'Optics', createdAt: '2025-02-03T04:00:00.000Z' }])
    expect(captures.map(({ userText, answer }) => [userText, answer?.text])).toEqual([
      ['How do lenses work?', 'They bend light.\n\nBy refraction.\n\nAnd one more thing.'],
    ])
    expect(captures[0]?.createdAt).toBe('2025-02-03T04:05:06.789Z')
  })

  it('keeps what files held beside what was said, and never as the learner’s words', async () => {
    const attachments = [{ file_name: 'book.pdf', extracted_content: 'Chapter one.' }, { file_name: 'empty.pdf' }]
    const { captures } = await readWhole(makeFolder(folder, claude(message('human', '', { attachments }))))
    expect(captures).toMatchObject([
      { userText: '[book.pdf]', metadata: { attached: [{ name: 'book.pdf', text: 'Chapter one.' }] } },
    ])
  })
})
