import type { Implementer } from '@orpc/server'
import type { BackupEntry, BackupStatus, contract } from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'
import { errorToWire, LvaError } from '../../src-core/kernel/index.ts'

type Backups = Implementer<typeof contract, ClientContext, ClientContext>['backup']

const FOLDER = '/home/ada/Learning Voice Agent backups'
const WORDS =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'.split(
    ' ',
  )
const POSITIONS = [3, 11, 20]
const PRESENT = { captures: 418, notes: 9, sessions: 31, recordings: 56 }

const LOCKED: BackupEntry = {
  place: FOLDER,
  name: 'lva-20260314-190000.lvabackup',
  createdAt: '2026-03-14T19:00:00.000Z',
  bytes: 12_300_000,
  standing: 'locked',
  content: null,
}

/** Backups over an array in the page. `scenario` begins with a phrase that is there: `well`, `failing`, `stale` or `key-unknown`. */
export function imitateBackups({ backup }: { backup: Backups }, scenario: string, changed: () => void) {
  const isSetUp = scenario !== ''
  const entries: BackupEntry[] = isSetUp
    ? [entryOf('2026-11-02T21:14:00.000Z', 406), entryOf('2026-11-01T20:03:00.000Z', 398, true), LOCKED]
    : []
  let status: BackupStatus = {
    setUp: isSetUp,
    keyKnown: isSetUp && scenario !== 'key-unknown',
    keyStorage: 'keyring',
    automatic: true,
    folder: FOLDER,
    s3: null,
    places: [
      {
        kind: 'folder',
        label: FOLDER,
        lastGoodAt: entries[0]?.createdAt ?? null,
        lastGoodName: entries[0]?.name ?? null,
        failure:
          scenario === 'failing'
            ? errorToWire(new LvaError('backup-place-gone', 'The folder is not there.', { params: { folder: FOLDER } }))
            : null,
        failingSince: scenario === 'failing' ? '2026-11-03T08:00:00.000Z' : null,
        stale: scenario === 'stale',
      },
    ],
    keep: { daily: 7, weekly: 4, monthly: 12 },
    running: null,
    problem: scenario === 'failing' || scenario === 'stale' || scenario === 'key-unknown' ? scenario : null,
    copies: [],
  }
  const set = (patch: Partial<BackupStatus>) => {
    status = { ...status, ...patch }
    changed()
  }
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  async function* working(place: string) {
    for (const phase of ['writing', 'documents', 'tables'] as const) {
      for (let done = 0; done <= 4; done += 1) {
        await wait(40)
        yield { type: 'progress' as const, progress: { phase, place, done, total: 4 } }
      }
    }
  }
  return {
    status: backup.status.handler(() => status),
    begin: backup.begin.handler(() => ({ words: WORDS, positions: POSITIONS })),
    confirm: backup.confirm.handler(({ input }) => {
      if (!POSITIONS.every((position, at) => WORDS[position - 1] === input.words[at]?.trim()))
        throw new LvaError('phrase-not-confirmed', 'Not all of the three words are right.')
      set({ setUp: true, keyKnown: true })
    }),
    unlock: backup.unlock.handler(() => set({ setUp: true, keyKnown: true, problem: null })),
    configure: backup.configure.handler(({ input: { automatic, folder, s3 } }) => {
      if (s3?.bucket === 'refused') throw new LvaError('backup-place-failed', 'The storage refused.')
      set({
        ...(automatic !== undefined && { automatic }),
        ...(folder !== undefined && { folder: folder || FOLDER }),
        ...(s3 !== undefined && { s3: s3 && { ...s3, hasSecret: true } }),
      })
    }),
    list: backup.list.handler(() => ({ backups: entries })),
    run: backup.run.handler(async function* () {
      yield* working(FOLDER)
      const at = new Date().toISOString()
      const entry = entryOf(at, PRESENT.captures, entries.length === 0)
      entries.unshift(entry)
      set({
        problem: null,
        places: status.places.map((place) => ({
          ...place,
          lastGoodAt: at,
          lastGoodName: entry.name,
          failure: null,
          failingSince: null,
          stale: false,
        })),
      })
      yield { type: 'done' as const, backups: [entry] }
    }),
    verify: backup.verify.handler(async function* ({ input }) {
      yield* working(input.place)
      yield { type: 'done' as const, backups: entries.filter(({ name }) => name === input.name) }
    }),
    restore: backup.restore.handler(async function* ({ input }) {
      yield* working(input.place)
      const id = `restored/${input.name.replace('.lvabackup', '')}`
      const at = new Date().toISOString()
      const captures = entries.find(({ name }) => name === input.name)?.content?.captures ?? 0
      const content = { ...PRESENT, captures }
      set({ copies: [...status.copies, { id, kind: 'restored', at, backup: input.name, undoes: false, content }] })
      yield { type: 'done' as const, copy: id }
    }),
    present: backup.present.handler(() => PRESENT),
    swapIn: backup.swapIn.handler(({ input }) => {
      const at = new Date().toISOString()
      const kept = status.copies.filter(({ id }) => id !== input.copy).map((copy) => ({ ...copy, undoes: false }))
      set({
        copies: [
          ...kept,
          { id: `before-restore/${at}`, kind: 'before', at, backup: null, undoes: true, content: PRESENT },
        ],
      })
    }),
    discard: backup.discard.handler(({ input }) =>
      set({ copies: status.copies.filter(({ id }) => id !== input.copy) }),
    ),
    deleteEverything: backup.deleteEverything.handler(({ input }) => ({
      unreachedPlaces: [],
      keptBackups: !input.backups,
      strangers: [],
    })),
  }
}

function entryOf(at: string, captures: number, full = false): BackupEntry {
  return {
    place: FOLDER,
    name: `lva-${at.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.lvabackup`,
    createdAt: at,
    bytes: full ? 41_840_000 : 1_840_000,
    standing: 'good',
    content: { captures, notes: 9, sessions: 31, recordings: 56, missing: 0, full },
  }
}
