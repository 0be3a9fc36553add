import { errorFromWire, LvaError, systemClock } from '../../../src-core/kernel/index.ts'
import type { CommandContext } from '../command.ts'
import { find } from './recognisers.ts'
import { show } from './show.ts'

const LOOK_AGAIN_MS = 200

/**
 * Hears a recording once more, or puts the transcript of before back, and shows what was heard.
 * @throws LvaError not-found, bad-input, model-not-there, and why it could not be heard
 */
export async function transcribe(
  context: CommandContext,
  id: string,
  { model, undo }: { model?: string; undo?: boolean },
): Promise<void> {
  const { terminal, signal } = context
  const client = await context.client()
  const { format, title, sound } = await client.documents.get({ id })
  if (sound) {
    throw new LvaError('bad-input', `The sound of ${title} went on ${sound.at.slice(0, 10)}, as Settings say.`, {
      advice: `Its words are there: lva show ${id}`,
    })
  }
  if (format !== 'audio') {
    throw new LvaError('bad-input', `${title} is no recording.`, {
      advice: 'See recordings with: lva list --documents',
    })
  }
  if (undo) {
    if (model !== undefined)
      throw new LvaError('bad-input', '--undo and --model ask for two different things.', {
        advice: 'Use one of them.',
      })
    await client.documents.exchangeTranscripts({ id })
    terminal.remark('The transcript of before is back; the same command takes that back.')
    await show(context, id)
    return
  }
  if (model !== undefined) {
    const { name, kind, origin, state } = await find(client, model)
    if (state !== 'ready') {
      throw new LvaError('model-not-there', `The recogniser ${model} is not ready.`, {
        advice: 'See which are with: lva recognisers',
        params: { id: model },
      })
    }
    if (kind === 'openai') terminal.remark(`${name}: the recording is sent to ${origin}.`)
  }
  await client.documents.retry({ ids: [id], ready: true, ...(model !== undefined && { recogniser: model }) })
  for (;;) {
    const { state, error } = await client.documents.get({ id })
    if (error)
      throw errorFromWire({
        ...error,
        message: `${title} could not be heard: ${error.code}.`,
        advice: 'Its sound is kept; try again.',
      })
    if (state === 'ready') break
    await systemClock.sleep(LOOK_AGAIN_MS, signal)
  }
  await show(context, id)
}
