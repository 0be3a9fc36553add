import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import { requestsTo } from '../test/relay-devices.ts'
import { peakOf } from './peak-memory.ts'
import { DEVICES, membersOf, openSyncedVault, settled } from './synced-vault.ts'

/** Where a device catches up, in a process of its own, which `sync-catchup` starts. */
export interface CaughtUpWhere {
  folder: string
  relay: string
  email: string
  /** Of the device among `DEVICES`. */
  number: number
  /** Document that is looked at. */
  onScreen: string
  /** Captures that it has then. */
  captures: number
  /** Port of who sends plain bytes. */
  copyFrom: number
}

export interface CaughtUp {
  /** Until everything is here, and what is on the screen, from the first word to the relay. Milliseconds. */
  ms: number
  onScreenMs: number
  /** Of this process, database included. Milliseconds. */
  cpuMs: number
  receivedBytes: number
  /** Until as many bytes came over TCP into a file and on the disk: the best of three. Milliseconds. */
  copyMs: number
  /** Resident before, and on top at most. */
  beforeMb: number
  peakMb: number
}

const COPIES = 3

const where: CaughtUpWhere = JSON.parse(process.argv[2] ?? '')
const account = {
  relay: requestsTo(where.relay),
  email: where.email,
  members: membersOf(DEVICES),
  number: where.number,
}
const device = await openSyncedVault(where.folder, account)
globalThis.gc?.()
const beforeMb = process.memoryUsage.rss() / 2 ** 20
const cpu = process.cpuUsage()
const begun = performance.now()
let onScreenMs = 0
device.vault.documents.onUpdate((name) => {
  if (name === where.onScreen) onScreenMs = performance.now() - begun
})
const { result, peakMb } = await peakOf(async () => {
  const engine = await device.connect()
  engine.setOnScreen([where.onScreen])
  await settled(engine)
  // What came last may have been told of before it was here.
  await engine.check()
  return { ms: performance.now() - begun, receivedBytes: engine.state.receivedBytes }
})
const { user, system } = process.cpuUsage(cpu)
const captures = await device.vault.captures.count({})
if (captures !== where.captures) throw new Error(`${captures} captures came, not ${where.captures}`)
await device.close()
const copies: number[] = []
for (let round = 0; round < COPIES; round += 1) copies.push(await copy(result.receivedBytes))
const said: CaughtUp = {
  ...result,
  onScreenMs,
  cpuMs: (user + system) / 1_000,
  copyMs: Math.min(...copies),
  beforeMb,
  peakMb,
}
process.send?.(said, () => process.disconnect())

/** @returns milliseconds */
async function copy(bytes: number): Promise<number> {
  const file = `${where.folder}.copy`
  const begun = performance.now()
  const target = openSync(file, 'w')
  await new Promise<void>((resolve, reject) => {
    const socket = connect(where.copyFrom, '127.0.0.1', () => socket.write(String(bytes)))
    socket.on('data', (piece: Buffer) => writeSync(target, piece))
    socket.on('error', reject)
    socket.on('end', resolve)
  })
  fsyncSync(target)
  closeSync(target)
  const ms = performance.now() - begun
  rmSync(file)
  return ms
}
