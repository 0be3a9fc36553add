import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenVault } from '../src-core/vault/index.ts'
import { newAccount } from '../test/relay-devices.ts'
import { startRelayProcess } from '../test/relay-process.ts'
import type { CaughtUp, CaughtUpWhere } from './catching-device.ts'
import { bench, rounded } from './harness.ts'
import { actsOf, answerOf, DAY } from './learner-days.ts'
import { sentences } from './sentences.ts'
import { DEVICES, membersOf, openSyncedVault, type SyncedVault, settled } from './synced-vault.ts'

const CAPTURES = 10_000
/** Captures of a month; each month has its journals. */
const PER_MONTH = 840
/** Captures of a session. */
const PER_SESSION = 12
const WEEK_DAYS = 7
/** Sentences of an answer, and how many different answers there are. */
const [ANSWER, ANSWERS] = [4, 500]

/** Writes captures `from` to `to` of `count` with their answers, each in a change of its own, as they were said over the months before this one. */
async function say({ vault }: SyncedVault, count: number, from: number, to: number): Promise<void> {
  const said = sentences(count)
  const words = sentences(ANSWER * ANSWERS, 7)
  const months = Math.ceil(count / PER_MONTH)
  for (let at = from; at < to; at += 1) {
    const month = 10 - months + Math.floor(at / PER_MONTH)
    const createdAt = new Date(Date.UTC(2026, month, 1, 0, at % PER_MONTH)).toISOString()
    const first = (at % ANSWERS) * ANSWER
    const answer = answerOf(words.slice(first, first + ANSWER).join(' '), `capture-${at - 1}`, createdAt)
    const sessionId = `session-${Math.floor(at / PER_SESSION)}`
    const [id, userText] = [`capture-${at}`, said[at] ?? '']
    await vault.imports.add([{ id, sessionId, createdAt, userText, answer, metadata: {} }])
  }
}

async function newestJournal(vault?: OpenVault): Promise<string> {
  const names = (await vault?.documents.names()) ?? []
  return (
    names
      .filter((name) => name.startsWith('journal:'))
      .sort()
      .at(-1) ?? ''
  )
}

/** What a process of its own says of catching up; it ends with that. */
function caughtUp(where: CaughtUpWhere): Promise<CaughtUp> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(join(import.meta.dirname, 'catching-device.ts'), [JSON.stringify(where)], {
      execArgv: ['--expose-gc'],
    })
    let said: CaughtUp | undefined
    child.on('message', (message) => {
      said = message as CaughtUp
    })
    child.once('exit', (code) =>
      said && code === 0 ? resolve(said) : reject(new Error(`the device ended with ${code}`)),
    )
  })
}

/** Sends as many bytes as it is asked for, over TCP on this machine: what a plain copy costs. */
async function openSource(): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((socket) => {
    socket.once('data', (asked: Buffer) => {
      socket.end(Buffer.alloc(Number(asked.toString()), 7))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

await bench({
  name: 'sync-catchup',
  about: `A fresh device takes ${CAPTURES} captures with their answers from a relay in a process of its own, and what a week of use brought after it was off, against a plain copy of the same bytes over TCP into a file; with its peak memory, and when what is on the screen was there.`,
  options: { captures: `captures before it comes (default ${CAPTURES})` },
  async run({ options }) {
    const count = Number(options.captures ?? CAPTURES)
    const folder = mkdtempSync(join(tmpdir(), 'lva-bench-catchup-'))
    const relay = await startRelayProcess(join(folder, 'relay'))
    const source = await openSource()
    let first: SyncedVault | undefined
    try {
      const email = await newAccount(relay)
      const members = membersOf(DEVICES)
      first = await openSyncedVault(join(folder, 'first'), { relay, email, members, number: 1 })
      const { vault } = first
      const engine = await first.connect()
      /** A device of its own folder catches up. */
      const catchUp = async (number: number, captures: number) => {
        await settled(engine)
        const where = { folder: join(folder, `device-${number}`), relay: relay.address, email, number }
        // A database that is made takes memory that it does not take later: that is not what is measured.
        await (await openSyncedVault(where.folder, { relay, email, members, number })).close()
        return caughtUp({ ...where, onScreen: await newestJournal(vault), captures, copyFrom: source.port })
      }
      const quarter = Math.floor(count / 4)
      console.error(`Saying ${count} things ...`)
      await say(first, count, 0, quarter)
      const few = await catchUp(2, quarter)
      await say(first, count, quarter, count)
      const all = await catchUp(3, count)
      for (let day = 0; day < WEEK_DAYS; day += 1) {
        for (const act of actsOf(vault, day)) {
          await act.do()
          await settled(engine)
        }
      }
      const week = await catchUp(3, count + WEEK_DAYS * DAY.turns)
      const figures = (of: CaughtUp) => ({
        ms: rounded(of.ms, 0),
        copyMs: rounded(of.copyMs, 1),
        ratio: rounded(of.ms / of.copyMs, 1),
        onScreenShare: rounded(of.onScreenMs / of.ms, 3),
        receivedKb: rounded(of.receivedBytes / 1_000, 0),
        cpuMs: rounded(of.cpuMs, 0),
        peakMb: rounded(of.peakMb, 0),
      })
      const row = (what: string, of: CaughtUp) => ({
        what,
        ms: rounded(of.ms, 0),
        'on screen after': rounded(of.onScreenMs, 0),
        'plain copy ms': rounded(of.copyMs, 1),
        'kB received': rounded(of.receivedBytes / 1_000, 0),
        'CPU ms': rounded(of.cpuMs, 0),
        'MB before': rounded(of.beforeMb, 0),
        'MB on top at most': rounded(of.peakMb, 0),
      })
      return {
        figures: {
          captures: count,
          fresh: figures(all),
          week: figures(week),
          capturesPerSecond: rounded((1_000 * count) / all.ms, 0),
          peakMb: rounded(all.peakMb, 0),
          peakRatio: rounded(all.peakMb / few.peakMb, 2),
          onScreenShare: rounded(all.onScreenMs / all.ms, 3),
        },
        table: [
          row(`${quarter} captures, fresh device`, few),
          row(`${count} captures, fresh device`, all),
          row('a week, after it was off', week),
        ],
        targets: [
          { figure: 'peakRatio', atMost: 1.5 },
          { figure: 'onScreenShare', atMost: 0.25 },
        ],
      }
    } finally {
      await first?.close()
      await source.close()
      await relay.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
