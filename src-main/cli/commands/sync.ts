import type {
  AttachmentKind,
  AttachmentPolicy,
  AttachmentStatus,
  Client,
  SyncConflict,
  SyncDevice,
  SyncState,
  SyncStatus,
  UnmeteredOnly,
} from '../../../src-core/contract/index.ts'
import { isLvaError, LvaError } from '../../../src-core/kernel/index.ts'
import { type CommandContext, usageError } from '../command.ts'
import { isAgreed, openQuestions, readPhrase } from '../read-phrase.ts'
import { harmless, shownTime } from '../terminal.ts'
import { shownBytes } from './backup.ts'

/** One vault on every device, on the command line (docs/protocol.md). */

export interface SignInOptions {
  relay?: string
  email?: string
  create?: boolean
}

export interface JoinOptions {
  phrase?: boolean
  phraseFile?: string
}

const STANDING: Record<SyncStatus['standing'], string> = {
  out: 'Nothing is synced. Begin with: lva sync sign-in --relay ADDRESS --email ADDRESS',
  'signed-in': 'Signed in, and no device of the synced vault yet. Go on with: lva sync begin, or lva sync join',
  member: 'This device belongs to the synced vault.',
  'signed-out': 'The relay wants the password again: lva sync sign-in',
  revoked: 'This device was removed by another one. To come back: lva sync sign-in, then lva sync join',
}
const PHASE: Record<SyncState['phase'], string> = {
  off: 'not connected',
  offline: 'not connected',
  connecting: 'connecting',
  'catching-up': 'catching up',
  live: 'connected',
  paused: 'paused',
  held: 'waits for a network that does not cost',
  problem: 'stands still',
}
const STATE: Record<SyncDevice['state'], string> = {
  active: '',
  'signed-in': 'signed in, has none of your data',
  'half-revoked': 'not removed everywhere yet: remove it again',
  revoked: 'removed',
}

/** How sync stands, and all devices. */
export async function syncStatus({ client: open, terminal, json }: CommandContext): Promise<void> {
  const client = await open()
  const status = await client.sync.status()
  const { devices } = await client.sync.devices()
  const files = await client.attachments.status()
  if (json) return terminal.json({ ...status, devices, attachments: files })
  terminal.line(STANDING[status.standing])
  if (status.relay !== null) terminal.line(`${harmless(status.email ?? '')} at ${harmless(status.relay)}`)
  if (status.state) terminal.line(shownState(status.state))
  for (const line of fileLines(files)) terminal.line(line)
  if (status.conflicts > 0) terminal.line(`${status.conflicts} overwritten unseen: lva sync conflicts`)
  for (const { id, name, kind, isThis, state, lastSeenAt } of devices) {
    const seen = lastSeenAt === null ? '' : `  last seen ${shownTime(lastSeenAt)}`
    const word = [isThis ? 'this device' : '', STATE[state]].filter(Boolean).join(', ')
    terminal.line(`${id.slice(0, 8)}  ${harmless(name ?? '(no name)')}  ${harmless(kind)}${seen}${word && `  ${word}`}`)
  }
}

/** Sends and fetches all there is. Exit code 1 where it could not. */
export async function syncNow({ client: open, terminal, json, signal }: CommandContext): Promise<number> {
  const state = await (await open()).sync.now(undefined, { signal })
  if (json) terminal.json(state)
  else terminal.line(shownState(state))
  return state.synced ? 0 : 1
}

export async function syncSignIn({ client: open, terminal, json }: CommandContext, options: SignInOptions) {
  const client = await open()
  const known = await client.sync.status()
  const relay = options.relay ?? known.relay
  const email = options.email ?? known.email
  if (!relay || !email) throw usageError('The first time, sign-in needs --relay and --email.')
  const questions = openQuestions()
  try {
    const account = { relay, email, password: await questions.ask('Password: ') }
    await (options.create ? client.sync.createAccount(account) : client.sync.signIn(account))
  } finally {
    questions.close()
  }
  const status = await client.sync.status()
  if (json) return terminal.json(status)
  terminal.line(STANDING[status.standing])
}

/** Ends the session at the relay. A device of the vault stays one, and goes on when it signs in again. */
export async function syncSignOut({ client: open, terminal, json }: CommandContext): Promise<void> {
  const client = await open()
  const { standing } = await client.sync.status()
  if (standing === 'out' || standing === 'signed-out')
    throw new LvaError('signed-out', 'This device is signed in to no relay.', { advice: 'See "lva sync status".' })
  await client.sync.signOut()
  const status = await client.sync.status()
  if (json) return terminal.json(status)
  terminal.line('Signed out.')
  terminal.line(STANDING[status.standing])
}

/** Forgets account and keys here, once that is agreed to; what is on this device stays. */
export async function syncLeave({ client: open, terminal, json }: CommandContext, { yes = false }: { yes?: boolean }) {
  const client = await open()
  const { standing } = await client.sync.status()
  if (standing === 'out')
    throw new LvaError('signed-out', 'This device does not sync.', { advice: 'See "lva sync status".' })
  const question =
    'The keys of the synced vault are forgotten here; what is on this device stays. To come back you need another device or the 24 words.\nStop syncing on this device? [y/N] '
  if (!yes && !(await isAgreed(question))) throw usageError('Nothing was changed.', '--yes does it without a question.')
  await client.sync.leave()
  const status = await client.sync.status()
  if (json) return terminal.json(status)
  terminal.line('This device does not sync any more.')
  terminal.remark('The others go on listing it until you remove it there: lva sync remove.')
}

/** The first device: makes the phrase, or takes that of the backups. */
export async function syncBegin({ client: open, terminal, json }: CommandContext, options: JoinOptions): Promise<void> {
  const client = await open()
  const { phraseKnown } = await client.sync.status()
  if (phraseKnown) {
    terminal.remark('Backups have a recovery phrase already; sync takes the same one.')
    await client.sync.begin({ phrase: await readPhrase(options.phraseFile) })
  } else {
    const { words, positions } = await client.sync.newPhrase()
    if (json) terminal.json({ words, positions })
    else {
      terminal.line(
        'Write these 24 words down, on paper. They are shown this once; with them alone the vault comes back.',
      )
      terminal.line()
      for (const [at, word] of words.entries()) terminal.line(`${String(at + 1).padStart(2)}  ${word}`)
      terminal.line()
    }
    const questions = openQuestions()
    try {
      const typed: string[] = []
      for (const position of positions) typed.push(await questions.ask(`Word ${position}: `))
      await client.sync.confirmPhrase({ words: typed })
    } finally {
      questions.close()
    }
  }
  terminal.remark('This is the first device of the synced vault.')
}

/** Joins by a code that is typed on another device, or by the phrase. */
export async function syncJoin(context: CommandContext, { phrase, phraseFile }: JoinOptions): Promise<void> {
  const { client: open, terminal, json, signal } = context
  const client = await open()
  if (phrase || phraseFile !== undefined) {
    await client.sync.joinByPhrase({ phrase: await readPhrase(phraseFile) })
  } else {
    for await (const event of await client.sync.joinByCode(undefined, { signal })) {
      if (json && event.state !== 'joined') terminal.json(event)
      else if (event.state === 'code')
        terminal.line(
          `On a device that syncs, in Settings or with "lva sync pair", type:  ${terminal.strong(event.code)}`,
        )
      else if (event.state === 'compare')
        terminal.line(`Both devices must show:  ${terminal.strong(event.number)}\nSay so on the other one.`)
    }
  }
  if (json) return terminal.json({ joined: true })
  terminal.line('This device belongs to the synced vault now.')
}

/** Adds the device that shows a code. */
export async function syncPair(
  { client: open, terminal, json, signal }: CommandContext,
  code: string,
): Promise<number> {
  const client = await open()
  const questions = openQuestions()
  let isAdded = false
  try {
    for await (const event of await client.sync.admit({ code }, { signal })) {
      if (event.state === 'added') {
        isAdded = true
        continue
      }
      const asked = `"${harmless(event.name)}" must show exactly this number:  ${event.number}\nIs it equal? [y]es, [N]o: `
      const equal = /^y(es)?$/i.test((await questions.ask(asked)).trim())
      await client.sync.answer({ id: event.id, equal })
    }
  } finally {
    questions.close()
  }
  if (json) terminal.json({ added: isAdded })
  else terminal.line(isAdded ? 'The device is added.' : 'The device was not added.')
  return isAdded ? 0 : 1
}

const WHAT: Record<SyncConflict['what'], string> = {
  captureText: 'text of a capture',
  captureAnswer: 'answer to a capture',
  sessionTitle: 'title of a conversation',
  noteTitle: 'title of a note',
  documentTitle: 'title of a document',
  collectionName: 'name of a collection',
  concept: 'correction of a concept',
  setting: 'setting',
  memory: 'memory',
  card: 'card',
  captureDeleted: 'capture, deleted while it was edited',
  noteDeleted: 'note, deleted while it was edited',
  documentDeleted: 'document, deleted while it was renamed',
  collectionDeleted: 'collection, deleted while it was renamed',
}

export interface ConflictOptions {
  restore?: string
  keep?: string
}

/** What was overwritten unseen, with both values; or settles one of them. */
export async function syncConflicts(
  { client: open, terminal, json }: CommandContext,
  { restore, keep }: ConflictOptions,
): Promise<void> {
  const client = await open()
  const { conflicts } = await client.sync.conflicts()
  const which = restore ?? keep
  if (restore !== undefined && keep !== undefined) throw usageError('Either --restore or --keep.')
  if (which !== undefined) {
    const [conflict, ...more] = conflicts.filter(({ id }) => id === which)
    if (!conflict || more.length > 0) {
      throw new LvaError('not-found', 'There is no such conflict.', { advice: 'See "lva sync conflicts".' })
    }
    const choice = restore === undefined ? 'keep' : 'restore'
    await client.sync.settle({ doc: conflict.doc, id: conflict.id, choice })
    if (json) return terminal.json({ settled: conflict.id, choice })
    return terminal.line(choice === 'restore' ? 'The other value stands now.' : 'It stays as it is.')
  }
  if (json) return terminal.json({ conflicts })
  if (conflicts.length === 0) return terminal.line('No conflicts: nothing was overwritten unseen.')
  for (const { id, what, field, lost, kept } of conflicts) {
    terminal.line(`${terminal.strong(id)}  ${WHAT[what]}${field && ` (${harmless(field)})`}`)
    terminal.line(`  overwritten  ${shownSide(lost)}`)
    terminal.line(`  stands       ${shownSide(kept)}`)
  }
  terminal.remark('lva sync conflicts --restore ID puts the other value back; --keep ID lets it be.')
}

function shownSide({ value, device, at }: SyncConflict['lost']): string {
  const by = device?.isThis ? 'this device' : (device?.name ?? 'a device')
  const words = value === null ? '(nothing)' : harmless(String(value)).replaceAll('\n', ' ')
  return `${words.length > 200 ? `${words.slice(0, 200)}…` : words}  — ${harmless(by)}${at === null ? '' : `, ${shownTime(at)}`}`
}

export async function syncPause({ client: open, terminal, json }: CommandContext, isPaused: boolean): Promise<void> {
  const client = await open()
  await (isPaused ? client.sync.pause() : client.sync.resume())
  if (json) return terminal.json({ paused: isPaused })
  terminal.line(isPaused ? 'Paused, until "lva sync resume".' : 'Sync goes on.')
}

/** Takes a device out for good. */
export async function syncRemove({ client: open, terminal, json }: CommandContext, which: string): Promise<void> {
  const client = await open()
  const device = await deviceOf(client, which)
  await client.sync.revoke({ id: device.id })
  if (json) return terminal.json({ removed: device.id })
  terminal.line(`Removed ${harmless(device.name ?? device.id)}. All others get a new key.`)
}

/** Names a device, this one or another. */
export async function syncRename(
  { client: open, terminal, json }: CommandContext,
  which: string,
  name: string,
): Promise<void> {
  const client = await open()
  const device = await deviceOf(client, which)
  await client.sync.rename({ id: device.id, name })
  if (json) return terminal.json({ renamed: device.id, name })
  terminal.line(`${harmless(device.name ?? device.id)} is called ${harmless(name)} now.`)
}

/** By its name or the beginning of its id. @throws LvaError not-found where none fits, or several do */
async function deviceOf(client: Client, which: string): Promise<SyncDevice> {
  const { devices } = await client.sync.devices()
  const fits = ({ id, name }: SyncDevice) => id.startsWith(which) || name?.toLowerCase() === which.toLowerCase()
  const found = devices.filter((device) => device.state !== 'revoked' && fits(device))
  const [device] = found
  if (!device || found.length > 1) {
    throw new LvaError('not-found', found.length > 1 ? 'Several devices fit.' : 'There is no such device.', {
      advice: 'See "lva sync status"; name it by the beginning of its id.',
    })
  }
  return device
}

function shownState({ phase, synced, waiting, behind, files, problem }: SyncState): string {
  const parts = [synced ? 'everything is synced' : PHASE[phase]]
  if (waiting > 0) parts.push(`${waiting} to send`)
  if (behind > 0) parts.push(`${behind} to come`)
  if (files.items > 0) parts.push(`${files.items} files (${shownBytes(files.bytes)}) on their way`)
  if (problem) parts.push(problem.code)
  return parts.join(', ')
}

const KIND: Record<AttachmentKind, string> = {
  recordings: 'recordings',
  pictures: 'pictures',
  documents: 'documents',
  frames: 'frames of the timeline',
}

/** What of recordings, pictures and files is where, one kind a line. */
function fileLines({ state, policies, unmeteredOnly, metered, held }: AttachmentStatus): string[] {
  if (!state) return []
  const amount = ({ items, bytes }: { items: number; bytes: number }) => `${items} (${shownBytes(bytes)})`
  const lines = state.kinds.map(({ kind, here, elsewhere, toSend, toFetch }) => {
    const parts = [`${amount(here)} here`]
    if (elsewhere.items > 0) parts.push(`${amount(elsewhere)} at the relay alone`)
    if (toSend.items > 0) parts.push(`${amount(toSend)} to send`)
    if (toFetch.items > 0) parts.push(`${amount(toFetch)} to fetch`)
    return `${KIND[kind]}: ${policies[kind]}; ${parts.join(', ')}`
  })
  if (state.sentBytes + state.receivedBytes > 0)
    lines.push(`files moved: ${shownBytes(state.sentBytes)} sent, ${shownBytes(state.receivedBytes)} fetched`)
  if (unmeteredOnly !== 'nothing') {
    const known =
      metered === null ? 'the system does not tell: taken as not metered' : metered ? 'metered' : 'not metered'
    lines.push(`only on unmetered networks: ${unmeteredOnly}; this network: ${known}${held ? '; waiting' : ''}`)
  }
  if (state.problem) lines.push(`files: ${state.problem.code}`)
  return lines
}

/** Fetches the files of something: a capture or a document by its id, or one file by its SHA-256. */
export async function syncFetch({ client: open, terminal, json, signal }: CommandContext, id: string): Promise<void> {
  const client = await open()
  // A command that is alone connects first.
  await client.sync.now(undefined, { signal })
  const hashes = await hashesOf(client, id)
  let bytes = 0
  for (const sha256 of hashes) {
    let told = ''
    for await (const event of await client.attachments.fetch({ sha256 }, { signal })) {
      if (event.state !== 'asked') continue
      const names = event.devices.map(({ id, name }) => name ?? id.slice(0, 8)).join(', ')
      if (names !== told) terminal.remark(`The relay has it not. Waiting for: ${harmless(names)}. Ctrl-C ends it.`)
      told = names
    }
    bytes += (await client.attachments.get({ sha256 })).bytes ?? 0
  }
  if (json) return terminal.json({ files: hashes.length, bytes })
  terminal.line(`${hashes.length === 1 ? 'The file is' : `${hashes.length} files are`} here: ${shownBytes(bytes)}.`)
}

async function hashesOf(client: Client, id: string): Promise<string[]> {
  if (/^[0-9a-f]{64}$/.test(id)) return [id]
  const capture = await orUndefined(client.captures.get({ id }))
  if (capture) {
    const recording = capture.audioSha256 === null ? [] : [capture.audioSha256]
    const hashes = [...recording, ...(capture.pictures ?? []).map(({ sha256 }) => sha256)]
    if (hashes.length > 0) return hashes
    throw new LvaError('not-found', 'This entry has neither a recording nor a picture.')
  }
  const document = await orUndefined(client.documents.get({ id }))
  if (document) return [document.sha256]
  throw new LvaError('not-found', 'There is no entry and no document with this id.', {
    advice: 'See "lva list --json"; the SHA-256 of a file works too.',
  })
}

function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (isLvaError(error, 'not-found')) return undefined
    throw error
  })
}

export interface FilesOptions {
  recordings?: AttachmentPolicy
  pictures?: AttachmentPolicy
  documents?: AttachmentPolicy
  frames?: AttachmentPolicy
  onlyUnmetered?: UnmeteredOnly
}

/** Says which files travel, and on which networks. */
export async function syncFiles({ client: open, terminal, json }: CommandContext, options: FilesOptions) {
  const client = await open()
  const { onlyUnmetered, ...policies } = options
  await client.attachments.choose({ policies, ...(onlyUnmetered && { unmeteredOnly: onlyUnmetered }) })
  const status = await client.attachments.status()
  if (json) return terminal.json(status)
  for (const [kind, policy] of Object.entries(status.policies))
    terminal.line(`${KIND[kind as AttachmentKind]}: ${policy}`)
  terminal.line(`only on unmetered networks: ${status.unmeteredOnly}`)
  if (status.metered === null && status.unmeteredOnly !== 'nothing')
    terminal.remark('This system does not tell whether its network is metered; it is taken as not metered.')
}
