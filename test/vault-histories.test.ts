import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idMaker, ManualClock, seededRandom } from '../src-core/kernel/index.ts'
import type { Database, Row, Store } from '../src-core/store/index.ts'
import type { OpenVault } from '../src-core/vault/index.ts'
import { type Command, oddUpdate, Player, propertyRuns, singleCommand, writeOdd } from './vault-commands.ts'
import { contentsOf, openSmallVault, openTestStore, shadowsOf } from './vault-world.ts'

let store: Store
let db: Database
let runs = 0

beforeAll(async () => {
  store = await openTestStore()
  db = store.database
})
afterAll(() => store.close())

/** Two devices with the same vault, here two vaults of one database. */
class Pair {
  readonly players: [Player, Player]
  readonly #ids: [string, string]

  constructor(ids: [string, string], players: [Player, Player]) {
    this.#ids = ids
    this.players = players
  }

  static async open(): Promise<Pair> {
    runs += 1
    const ids: [string, string] = [`${runs}-a`, `${runs}-b`]
    const clock = new ManualClock()
    const newId = idMaker(clock, seededRandom(runs))
    const [a, b] = [await openSmallVault(db, ids[0], clock, newId), await openSmallVault(db, ids[1], clock, newId)]
    return new Pair(ids, [new Player(a, clock), new Player(b, clock)])
  }

  vault(side: 0 | 1): OpenVault {
    return this.players[side].vault
  }

  shadows(side: 0 | 1) {
    return shadowsOf(db, this.#ids[side])
  }

  async reopen(side: 0 | 1): Promise<void> {
    const player = this.players[side]
    await player.vault.close()
    player.vault = await openSmallVault(db, this.#ids[side], player.clock, idMaker(player.clock, seededRandom(runs)))
  }

  /** Brings one stored update of the other side, or a whole document of it. Any may come twice, late or before what it builds on. */
  async deliver(to: 0 | 1, pick: number, whole: boolean): Promise<void> {
    const from = to === 0 ? 1 : 0
    const rows = await db.query<{ doc: string; update: Uint8Array }>(
      'select doc, "update" from doc_updates where vault_id = $1 order by doc, seq',
      [this.#ids[from]],
    )
    const row = rows[pick % Math.max(1, rows.length)]
    if (!row) return
    const update = whole ? await this.vault(from).documents.updateSince(row.doc) : row.update
    await this.vault(to).documents.apply(row.doc, update)
  }

  /** Both get all that the other has. */
  async exchangeAll(): Promise<void> {
    for (const [from, to] of [
      [0, 1],
      [1, 0],
    ] as const) {
      for (const name of await this.vault(from).documents.names()) {
        const known = await this.vault(to).documents.stateVector(name)
        await this.vault(to).documents.apply(name, await this.vault(from).documents.updateSince(name, known))
      }
    }
  }

  async close(): Promise<void> {
    await this.vault(0).close()
    await this.vault(1).close()
    for (const id of this.#ids) {
      for (const table of [
        'doc_updates',
        'jobs',
        'captures',
        'sessions',
        'notes',
        'settings',
        'documents',
        'document_texts',
        'collections',
        'memories',
        'cards',
        'doc_records',
        'chunks',
      ]) {
        await db.query(`delete from ${table} where vault_id = $1`, [id])
      }
    }
  }

  /** What memory will do: chunks of every live text, wrong ones for none. */
  async index(side: 0 | 1): Promise<void> {
    await db.query(
      `insert into chunks (vault_id, id, capture_id, kind, field, ordinal, start, "end", text, source, created_at)
      select vault_id, 'u' || id, id, 'capture', 'userText', 0, 0, 1, user_text, source, created_at from captures where vault_id = $1
      union all
      select vault_id, 'a' || id, id, 'capture', 'agentText', 0, 0, 1, agent_text, source, created_at from captures
        where vault_id = $1 and agent_text is not null
      union all
      select vault_id, 'n' || id, id, 'note', 'noteText', 0, 0, 1, body, 'note', created_at from notes where vault_id = $1
      on conflict (vault_id, id) do update set text = excluded.text`,
      [this.#ids[side]],
    )
  }

  /** Chunks whose text no capture or note holds any more. */
  staleChunks(side: 0 | 1): Promise<Row[]> {
    return db.query(
      `select k.id from chunks k
      left join captures c on c.vault_id = k.vault_id and c.id = k.capture_id and k.kind = 'capture'
      left join notes n on n.vault_id = k.vault_id and n.id = k.capture_id and k.kind = 'note'
      where k.vault_id = $1 and k.text is distinct from
        case k.field when 'userText' then c.user_text when 'agentText' then c.agent_text else n.body end`,
      [this.#ids[side]],
    )
  }

  /** Captures and notes that wait for the indexer. */
  async queued(side: 0 | 1): Promise<string[]> {
    const rows = await db.query<{ subject: string }>(
      `select subject from jobs where vault_id = $1 and kind = 'index' order by subject`,
      [this.#ids[side]],
    )
    return rows.map(({ subject }) => subject)
  }
}

const side = fc.constantFrom(0 as const, 1 as const)
const event = fc.oneof(
  { weight: 20, arbitrary: fc.record({ event: fc.constant('command' as const), side, command: singleCommand }) },
  {
    weight: 5,
    arbitrary: fc.record({ event: fc.constant('deliver' as const), side, pick: fc.nat(), whole: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ event: fc.constant('odd' as const), side, odd: oddUpdate }) },
  { weight: 2, arbitrary: fc.record({ event: fc.constant('index' as const), side }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constant('reopen' as const), side }) },
)
const history = fc.array(event, { minLength: 20, maxLength: 80, size: 'max' })
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

async function happen(pair: Pair, event: Event): Promise<void> {
  if (event.event === 'command') await pair.players[event.side].play(event.command as Command)
  else if (event.event === 'deliver') await pair.deliver(event.side, event.pick, event.whole)
  else if (event.event === 'reopen') await pair.reopen(event.side)
  else if (event.event === 'index') await pair.index(event.side)
  else {
    const { documents } = pair.vault(event.side)
    await documents.apply(event.odd.name, writeOdd(await documents.updateSince(event.odd.name), event.odd))
  }
}

describe('any history of changes', () => {
  it('gives the same tables step by step as by a rebuild', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        const pair = await Pair.open()
        for (const each of events) await happen(pair, each)
        for (const each of [0, 1] as const) {
          expect(await pair.staleChunks(each)).toEqual([])
          const stepByStep = await pair.shadows(each)
          const before = await pair.queued(each)
          await pair.vault(each).rebuild()
          expect(await pair.shadows(each)).toEqual(stepByStep)
          const after = await pair.queued(each)
          expect(before).toEqual(expect.arrayContaining(after))
          // Of documents that nobody has read, as here, there is nothing to index yet.
          expect(after).toEqual(
            [
              ...(stepByStep.captures ?? []).map(({ id }) => `capture:${id}`),
              ...(stepByStep.notes ?? []).map(({ id }) => `note:${id}`),
            ].sort(),
          )
        }
        await pair.close()
      }),
      propertyRuns(25),
    )
  })

  it('brings two devices to the same documents and tables, whatever the order of exchange', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        const pair = await Pair.open()
        for (const each of events) await happen(pair, each)
        await pair.exchangeAll()
        expect(await contentsOf(pair.vault(0))).toEqual(await contentsOf(pair.vault(1)))
        expect(await pair.shadows(0)).toEqual(await pair.shadows(1))
        await pair.close()
      }),
      propertyRuns(25),
    )
  })
})
