import { basename } from 'node:path'
import type { CommandContext } from '../command.ts'
import { readInput } from '../read-input.ts'
import { harmless } from '../terminal.ts'

/** Keeps a text, a text file or a spoken WAV file, without asking for an answer. */
export async function add(
  context: CommandContext,
  words: string[],
  options: { session?: string; text?: boolean },
): Promise<void> {
  const { terminal, json, signal } = context
  const input = await readInput(words, options.text)
  const client = await context.client()
  const sessionId = options.session ?? null
  if (input.kind === 'sound') {
    terminal.remark(`Listening to ${basename(words[0] ?? '')} ...`)
    const heard = await client.speech.transcribe(
      { audio: new Blob([input.bytes as Uint8Array<ArrayBuffer>]) },
      { signal },
    )
    const capture = await client.captures.add(
      { sessionId, text: heard.text, source: 'voice', audioSha256: heard.audioSha256 },
      { signal },
    )
    if (json) terminal.json(capture)
    else terminal.line(`${capture.id}  ${harmless(heard.text)}`)
    return
  }
  const capture = await client.captures.add({ sessionId, text: input.text, source: input.from }, { signal })
  if (json) terminal.json(capture)
  else terminal.line(capture.id)
}
