import type { Client, Recogniser } from '../../../src-core/contract/index.ts'
import { errorFromWire, LvaError } from '../../../src-core/kernel/index.ts'
import type { CommandContext } from '../command.ts'

/** What understands speech (docs/voice.md §6), on the command line. */

const MB = 1e6

export async function listRecognisers({ client: open, terminal, json }: CommandContext): Promise<void> {
  const client = await open()
  const [{ recognisers }, { recogniser: chosen }] = await Promise.all([
    client.recognisers.list(),
    client.settings.get(),
  ])
  if (json) return terminal.json({ recognisers, chosen })
  for (const one of recognisers) {
    const mark = one.id === chosen ? '*' : ' '
    const size = one.bytes > 0 ? `${Math.round(one.bytes / MB)} MB` : ''
    const languages = one.kind === 'download' ? `${one.languages.length} languages` : one.languages.join(', ')
    terminal.line(
      [`${mark} ${one.id.padEnd(16)} ${one.state.padEnd(12)}`, size, languages, one.licence, one.origin]
        .filter(Boolean)
        .join('  '),
    )
  }
  terminal.remark('* hears now. Choose another with: lva recognisers use ID')
}

/** Waits until it is there; stopping the command pauses the download. */
export async function downloadRecogniser(
  { client: open, terminal, json, signal }: CommandContext,
  id: string,
): Promise<void> {
  const client = await open()
  const events = await client.app.events(undefined, { signal })
  await client.recognisers.download({ id })
  let told = 0
  let one = await find(client, id)
  try {
    for await (const event of events) {
      if (event.type !== 'recognisers' && event.type !== 'models') continue
      one = await find(client, id)
      if (one.state !== 'downloading') break
      const tenths = Math.floor((one.have / one.bytes) * 10)
      if (tenths > told) terminal.remark(`${one.name}: ${tenths * 10} %`)
      told = Math.max(told, tenths)
    }
  } finally {
    if (signal.aborted) await client.recognisers.pause({ id }).catch(() => undefined)
  }
  if (one.error) throw errorFromWire(one.error)
  if (one.state !== 'ready') {
    throw new LvaError('cancelled', `The download of ${one.name} was paused elsewhere.`, {
      advice: `Go on with: lva recognisers download ${id}`,
    })
  }
  if (json) return terminal.json(one)
  terminal.line(`${one.name} is here. Let it hear with: lva recognisers use ${id}`)
}

export async function removeRecogniser({ client: open, terminal, json }: CommandContext, id: string): Promise<void> {
  const client = await open()
  await client.recognisers.remove({ id })
  if (json) return terminal.json({ removed: id })
  terminal.line(`${id} is off the disk.`)
}

export async function chooseRecogniser({ client: open, terminal, json }: CommandContext, id: string): Promise<void> {
  const client = await open()
  const one = await find(client, id)
  if (one.state !== 'ready') {
    throw new LvaError('model-not-there', `The recogniser ${id} is not ready.`, {
      advice:
        one.kind === 'openai'
          ? 'Give an OpenAI key in Settings, or set OPENAI_API_KEY.'
          : `Download it with: lva recognisers download ${id}`,
      params: { id },
    })
  }
  await client.settings.set({ recogniser: id })
  if (json) return terminal.json({ recogniser: id })
  terminal.line(`${one.name} hears from now on.`)
  if (one.kind === 'openai') terminal.remark(`Each recording is sent to ${one.origin}, and paid from the budget.`)
}

/** @throws LvaError not-found */
export async function find(client: Client, id: string): Promise<Recogniser> {
  const { recognisers } = await client.recognisers.list()
  const found = recognisers.find((one) => one.id === id)
  if (found) return found
  throw new LvaError('not-found', `There is no recogniser ${id}.`, { advice: 'See them with: lva recognisers' })
}
