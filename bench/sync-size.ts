import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src-core/kernel/index.ts'
import type { SyncEngine } from '../src-core/sync/index.ts'
import { newAccount, requestsTo } from '../test/relay-devices.ts'
import { startRelayProcess } from '../test/relay-process.ts'
import { type CountedLine, type Crossed, openCountedLine } from './counted-line.ts'
import { bench, quantile, rounded } from './harness.ts'
import { type Act, actsOf, DAY } from './learner-days.ts'
import { membersOf, openSyncedVault, type SyncedVault, settled } from './synced-vault.ts'

const EDITS = 20
const DAYS = 30
/** A minute of stillness, after which a device says its digest, is so long here. Milliseconds. */
const QUIET_MS = 100
/** What follows an act has crossed by then. Milliseconds. */
const STILL_MS = 3 * QUIET_MS
/** Words of the note that is edited. */
const NOTE = 'What I understood of photosynthesis so far, in my own words. '.repeat(8)

interface Device extends SyncedVault {
  line: CountedLine
  engine: SyncEngine
}

const total = ({ up, down }: Crossed) => up + down
const since = (after: Crossed, before: Crossed): Crossed => ({
  up: after.up - before.up,
  down: after.down - before.down,
})

/** Bytes that cross both lines until everything is still again. */
async function crossing(devices: readonly Device[], work: () => Promise<unknown>): Promise<Crossed[]> {
  const before = devices.map(({ line }) => line.crossed())
  await work()
  for (const { engine } of devices) await settled(engine)
  await systemClock.sleep(STILL_MS)
  for (const { engine } of devices) await settled(engine)
  return devices.map(({ line }, at) => since(line.crossed(), before[at] as Crossed))
}

async function withDevices<T>(
  quietMs: number | undefined,
  work: (devices: [Device, Device]) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lva-bench-sync-'))
  const relay = await startRelayProcess(join(folder, 'relay'))
  const devices: Device[] = []
  try {
    const email = await newAccount(relay)
    const members = membersOf(2)
    for (const number of [1, 2]) {
      const line = await openCountedLine(relay.address)
      const account = { relay: requestsTo(line.address), email, members, number }
      const opened = await openSyncedVault(join(folder, `device-${number}`), account, quietMs)
      devices.push({ ...opened, line, engine: await opened.connect() })
    }
    for (const { engine } of devices) await settled(engine)
    return await work(devices as [Device, Device])
  } finally {
    for (const device of devices) {
      await device.close()
      await device.line.close()
    }
    await relay.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Bytes of one short edit of a note, and of an entry: its Yjs update, and what crosses the line of who made it and of the other device. */
function measureEdits(count: number) {
  return withDevices(undefined, async ([one, two]) => {
    const note = await one.vault.notes.create({ title: 'Photosynthesis', body: NOTE })
    const capture = await one.vault.captures.add({ sessionId: 's', source: 'text', userText: 'What is light?' })
    await crossing([one, two], async () => undefined)
    let update = 0
    one.vault.documents.onUpdate((_, bytes) => {
      update = bytes.length
    })
    const edits: Record<'note' | 'entry', { update: number; sender: number; reader: number }[]> = {
      note: [],
      entry: [],
    }
    let body = NOTE
    for (let at = 0; at < count; at += 1) {
      body += `word${at} `
      const acts = {
        note: () => one.vault.notes.edit(note.id, { body }),
        entry: () => one.vault.captures.edit(capture.id, { userText: `What is light, really? ${at}` }),
      }
      for (const kind of ['note', 'entry'] as const) {
        const [sender, reader] = await crossing([one, two], acts[kind])
        edits[kind].push({ update, sender: sender ? total(sender) : NaN, reader: reader ? total(reader) : NaN })
      }
    }
    return edits
  })
}

/** Bytes of so many days, with both devices on: each turn is followed by stillness, as between turns of a learner; so are days. */
function measureDays(days: number) {
  return withDevices(QUIET_MS, async ([one, two]) => {
    let updates = 0
    let characters = 0
    one.vault.documents.onUpdate((_, bytes) => {
      updates += bytes.length
    })
    const sums = [one, two].map((): Crossed => ({ up: 0, down: 0 }))
    const perform = async (acts: readonly Act[]) => {
      const crossed = await crossing([one, two], async () => {
        for (const act of acts) {
          characters += act.characters
          await act.do()
          // Each is sent by itself, as it is where a learner does one thing after the other.
          await settled(one.engine)
        }
      })
      for (const [at, sum] of sums.entries()) {
        sum.up += crossed[at]?.up ?? 0
        sum.down += crossed[at]?.down ?? 0
      }
    }
    for (let day = 0; day < days; day += 1) {
      const acts = actsOf(one.vault, day)
      for (const act of acts.filter(({ kind }) => kind === 'turns')) await perform([act])
      await perform(acts.filter(({ kind }) => kind !== 'turns'))
    }
    return { updates, characters, writer: sums[0] as Crossed, reader: sums[1] as Crossed }
  })
}

await bench({
  name: 'sync-size',
  about: `Bytes on the wire, WebSocket included, for one short edit above its Yjs update, and for a month of use: ${DAYS} days of ${DAY.turns} turns with answers, ${DAY.noteSaves} saves of a note, ${DAY.cards} cards, ${DAY.reviews} reviews and a title, on one of two devices that are both on.`,
  options: { days: `days of use (default ${DAYS})`, edits: `edits of each kind (default ${EDITS})` },
  async run({ options }) {
    const days = Number(options.days ?? DAYS)
    const edits = await measureEdits(Number(options.edits ?? EDITS))
    const month = await measureDays(days)
    const kb = (bytes: number) => rounded(bytes / 1_000, 1)
    const rows = Object.entries(edits).map(([kind, seen]) => {
      const [update, sender, reader] = (['update', 'sender', 'reader'] as const).map((of) =>
        quantile(
          seen.map((each) => each[of]),
          0.5,
        ),
      )
      const above = seen.map((each) => each.sender - each.update)
      return { kind, update, sender, reader, above: quantile(above, 0.5), most: Math.max(...above) }
    })
    const figures = {
      aboveEdit: Math.max(...rows.map(({ above }) => above)),
      aboveEditMost: Math.max(...rows.map(({ most }) => most)),
      noteUpdate: rows[0]?.update ?? NaN,
      noteSender: rows[0]?.sender ?? NaN,
      entryUpdate: rows[1]?.update ?? NaN,
      entrySender: rows[1]?.sender ?? NaN,
      monthDays: days,
      monthCharacters: month.characters,
      monthUpdatesKb: kb(month.updates),
      monthWriterUpKb: kb(month.writer.up),
      monthWriterDownKb: kb(month.writer.down),
      monthReaderUpKb: kb(month.reader.up),
      monthReaderDownKb: kb(month.reader.down),
      monthRatio: rounded(total(month.writer) / month.updates, 2),
    }
    const row = (what: string, update: number, sender: number, reader: number) => ({
      what,
      'Yjs update': update,
      'line of who wrote': sender,
      'above the update': rounded(sender - update, 1),
      'line of the other': reader,
    })
    return {
      figures,
      table: [
        ...rows.map(({ kind, update, sender, reader }) =>
          row(`edit of a ${kind}, bytes`, update ?? NaN, sender ?? NaN, reader ?? NaN),
        ),
        row(`${days} days, kB`, kb(month.updates), kb(total(month.writer)), kb(total(month.reader))),
      ],
      targets: [{ figure: 'aboveEdit', atMost: 300 }],
    }
  },
})
