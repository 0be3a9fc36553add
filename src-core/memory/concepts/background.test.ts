import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { LvaError, silentLog, systemClock } from '../../kernel/index.ts'
import { countJobs, type Store } from '../../store/index.ts'
import { CONCEPTS_JOB, FOLD_JOB, type OpenVault } from '../../vault/index.ts'
import { ConceptWork } from './background.ts'
import { readText } from './read.ts'
import type { Reader } from './types.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(() => store.close())

const plainReader: Reader = { read: async (text) => readText(text), close: async () => undefined }
const begin = (vault: OpenVault, reader: Reader = plainReader) =>
  new ConceptWork({ db: store.database, vault, reader, clock: systemClock, log: silentLog })
const say = (vault: OpenVault, userText: string) => vault.captures.add({ sessionId: 's', source: 'text', userText })
const namesOf = async ({ id }: OpenVault) => {
  const rows = await store.database.query<{ name: string }>('select name from concepts where vault_id = $1', [id])
  return rows.map(({ name }) => name)
}

const idsOf = async ({ id }: OpenVault, name: string) => {
  const sql = 'select id from concepts where vault_id = $1 and name = $2'
  return (await store.database.query<{ id: string }>(sql, [id, name])).map((row) => row.id)
}

describe('work on concepts', () => {
  it('counts what waits, tells how far it is, and says when all is read and folded', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'Gradient descent finds a minimum.')
    await say(vault, 'Photosynthesis needs sunlight.')
    const work = begin(vault)
    const told: number[] = []
    work.onProgress(({ pending }) => told.push(pending))
    await work.idle()
    expect(await work.progress()).toEqual({ pending: 0, failed: 0 })
    expect(await namesOf(vault)).toContain('Photosynthesis')
    expect(told[0]).toBeGreaterThan(1)
    expect(told.at(-1)).toBe(0)
    await work.close()
  })

  it('lets the index go first', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'Photosynthesis needs sunlight.')
    let isBusy = true
    let rest: () => void = () => undefined
    const looked = Promise.withResolvers<void>()
    const goesFirst = {
      isBusy: () => {
        looked.resolve()
        return isBusy
      },
      onRest: (listener: () => void) => {
        rest = listener
        return () => undefined
      },
    }
    const parts = { db: store.database, vault, clock: systemClock, log: silentLog, goesFirst }
    let readings = 0
    const reader: Reader = {
      read: async (text) => {
        readings += 1
        return readText(text)
      },
      close: async () => undefined,
    }
    const work = new ConceptWork({ ...parts, reader })
    await looked.promise
    expect(await countJobs(store.database, vault.id, CONCEPTS_JOB)).toMatchObject({ waiting: 1, running: 0 })
    expect(readings).toBe(0)
    isBusy = false
    rest()
    await work.idle()
    expect(readings).toBe(1)
    expect(await namesOf(vault)).toContain('Photosynthesis')
    await work.close()
  })

  it('folds when nothing has changed for ten times as long as a fold takes, and at once for who asks or corrects', async () => {
    const { vault, clock } = await openTestVault(store.database)
    let folds = 0
    const concepts = {
      ...vault.concepts,
      corrections: async () => {
        folds += 1
        clock.advance(1_000)
        return vault.concepts.corrections()
      },
    }
    const slow = { id: vault.id, onChange: vault.onChange, concepts }
    const parts = { db: store.database, clock, log: silentLog, reader: plainReader }
    const work = new ConceptWork({ ...parts, vault: slow })
    await say(vault, 'Gradient descent finds a minimum.')
    await work.idle()
    expect(folds).toBe(1)
    const isRead = Promise.withResolvers<void>()
    work.onProgress(({ pending }) => {
      if (pending === 1) isRead.resolve()
    })
    await say(vault, 'Photosynthesis needs sunlight.')
    await isRead.promise
    // So many statements would let it fold long ago.
    for (let read = 0; read < 20; read += 1) expect(await namesOf(vault)).not.toContain('Photosynthesis')
    const folded = new Promise<void>((resolve) => work.onFold(resolve))
    clock.advance(10_000)
    await folded
    expect(await namesOf(vault)).toContain('Photosynthesis')
    const [id] = await idsOf(vault, 'Photosynthesis')
    const corrected = new Promise<void>((resolve) => work.onFold(resolve))
    await vault.concepts.rename(id as string, 'Making sugar from light')
    await corrected
    expect(await namesOf(vault)).toContain('Making sugar from light')
    await say(vault, 'Zebrafish larvae are transparent.')
    await work.idle()
    expect(await namesOf(vault)).toContain('Zebrafish larvae')
    await work.close()
  })

  it('leaves a fold for later when somebody waits for an answer meanwhile', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'Photosynthesis needs sunlight.')
    let folds = 0
    let isBusy = false
    let rest: () => void = () => undefined
    const concepts = {
      ...vault.concepts,
      corrections: async () => {
        folds += 1
        isBusy = folds === 1
        return vault.concepts.corrections()
      },
    }
    const goesFirst = {
      isBusy: () => isBusy,
      onRest: (listener: () => void) => {
        rest = listener
        return () => undefined
      },
    }
    const parts = { db: store.database, clock: systemClock, log: silentLog, goesFirst, reader: plainReader }
    const work = new ConceptWork({ ...parts, vault: { id: vault.id, onChange: vault.onChange, concepts } })
    const idle = work.idle()
    const isLeft = async () => (await countJobs(store.database, vault.id, FOLD_JOB)).waiting === 1 && folds === 1
    while (!(await isLeft()));
    expect(await namesOf(vault)).toEqual([])
    isBusy = false
    rest()
    await idle
    expect(await namesOf(vault)).toContain('Photosynthesis')
    await work.close()
  })

  it('does a fold in the end that was cut off each time', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'Photosynthesis needs sunlight.')
    let folds = 0
    let isBusy = false
    let rest: () => void = () => undefined
    const concepts = {
      ...vault.concepts,
      corrections: async () => {
        folds += 1
        isBusy = true
        return vault.concepts.corrections()
      },
    }
    const goesFirst = {
      isBusy: () => isBusy,
      onRest: (listener: () => void) => {
        rest = listener
        return () => undefined
      },
    }
    const parts = { db: store.database, clock: systemClock, log: silentLog, goesFirst, reader: plainReader }
    const work = new ConceptWork({ ...parts, vault: { id: vault.id, onChange: vault.onChange, concepts } })
    let isFolded = false
    work.onFold(() => {
      isFolded = true
    })
    const idle = work.idle()
    while (!isFolded) {
      const { waiting } = await countJobs(store.database, vault.id, FOLD_JOB)
      if (waiting === 0 || !isBusy) continue
      isBusy = false
      rest()
    }
    isBusy = false
    rest()
    await idle
    expect(folds).toBe(6)
    expect(await namesOf(vault)).toContain('Photosynthesis')
    await work.close()
  })

  it('tries again at the next start what failed for good, although it was read before', async () => {
    const { vault } = await openTestVault(store.database)
    const capture = await say(vault, 'Gradient descent finds a minimum.')
    const first = begin(vault)
    await first.idle()
    await first.close()
    await vault.captures.edit(capture.id, { userText: 'Zebrafish larvae are transparent.' })
    await store.database.query(`update jobs set state = 'failed', attempts = 5 where vault_id = $1 and kind = $2`, [
      vault.id,
      CONCEPTS_JOB,
    ])
    expect(await countJobs(store.database, vault.id, CONCEPTS_JOB)).toMatchObject({ failed: 1 })
    const second = begin(vault)
    await second.idle()
    expect(await second.progress()).toEqual({ pending: 0, failed: 0 })
    expect(await namesOf(vault)).toContain('Zebrafish larvae')
    await second.close()
  })

  it('blames a text that cannot be read and reads the others', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'This one breaks.')
    await say(vault, 'Photosynthesis needs sunlight.')
    const work = begin(vault, {
      read: async (text) => {
        if (text.includes('breaks')) throw new LvaError('internal', 'broken')
        return readText(text)
      },
      close: async () => undefined,
    })
    const folded = Promise.withResolvers<void>()
    work.onFold(() => folded.resolve())
    await folded.promise
    expect(await namesOf(vault)).toContain('Photosynthesis')
    const [job] = await store.database.query<{ attempts: number; error_code: string }>(
      'select attempts, error_code from jobs where vault_id = $1 and kind = $2',
      [vault.id, CONCEPTS_JOB],
    )
    expect(job).toEqual({ attempts: 1, error_code: 'internal' })
    await work.close()
  })

  it('gives back what it holds when it is closed in the middle, and ends who waits', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'Gradient descent finds a minimum.')
    await say(vault, 'Photosynthesis needs sunlight.')
    const asked = Promise.withResolvers<void>()
    const work = begin(vault, {
      read: (_, signal) =>
        new Promise((_resolve, reject) => {
          asked.resolve()
          signal?.addEventListener('abort', () => reject(new LvaError('cancelled', 'stopped')))
        }),
      close: async () => undefined,
    })
    const waiting = expect(work.idle()).rejects.toMatchObject({ code: 'cancelled' })
    await asked.promise
    await work.close()
    await waiting
    expect(await countJobs(store.database, vault.id, CONCEPTS_JOB)).toEqual({ waiting: 2, running: 0, failed: 0 })
  })

  it('does not wait for a long text to be read when it is closed', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'Gradient descent finds a minimum.')
    const asked = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<never>()
    const work = begin(vault, {
      read: () => {
        asked.resolve()
        return ended.promise
      },
      close: async () => ended.reject(new LvaError('cancelled', 'The reader is closed.')),
    })
    await asked.promise
    await work.close()
    expect(await countJobs(store.database, vault.id, CONCEPTS_JOB)).toEqual({ waiting: 1, running: 0, failed: 0 })
  })

  it('leaves a fold when it is closed', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'Photosynthesis needs sunlight.')
    let closing: Promise<void> | undefined
    const begun = Promise.withResolvers<void>()
    const concepts = {
      ...vault.concepts,
      corrections: async () => {
        closing = work.close()
        begun.resolve()
        return vault.concepts.corrections()
      },
    }
    const parts = { db: store.database, clock: systemClock, log: silentLog, reader: plainReader }
    const work = new ConceptWork({ ...parts, vault: { id: vault.id, onChange: vault.onChange, concepts } })
    await begun.promise
    await closing
    expect(await namesOf(vault)).toEqual([])
    expect(await countJobs(store.database, vault.id, FOLD_JOB)).toEqual({ waiting: 1, running: 0, failed: 0 })
  })

  it('lets a waiter go who does not want to wait any more, and goes on', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'Gradient descent finds a minimum.')
    const work = begin(vault)
    await expect(work.idle(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    await work.idle()
    expect(await namesOf(vault)).toContain('Gradient descent')
    await work.close()
  })
})

describe('reading ahead', () => {
  const reads = (vault: OpenVault, reader?: Reader) => {
    const goesFirst = { isBusy: () => true, onRest: () => () => undefined }
    return new ConceptWork({
      ...{ db: store.database, vault, clock: systemClock, log: silentLog, goesFirst },
      reader: reader ?? plainReader,
    })
  }
  const mentioned = async ({ id }: OpenVault) => {
    const rows = await store.database.query<{ surface: string }>(
      'select surface from capture_concepts where vault_id = $1',
      [id],
    )
    return rows.map(({ surface }) => surface)
  }
  const { signal } = new AbortController()

  it('puts a capture into the graph before its turn comes, which then finds nothing to do', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await say(vault, 'Photosynthesis needs sunlight.')
    const work = reads(vault)
    const [reading] = await work.readAhead({ kind: 'capture', id }, signal)
    expect(reading?.terms.map(({ surface }) => surface)).toContain('Photosynthesis')
    expect(await mentioned(vault)).toContain('Photosynthesis')
    await work.close()
    const later = begin(vault)
    await later.idle()
    expect((await mentioned(vault)).filter((surface) => surface === 'Photosynthesis')).toHaveLength(1)
    await later.close()
  })

  it('reads only the beginning of a long one, and leaves it to the queue', async () => {
    const { vault } = await openTestVault(store.database)
    const lengths: number[] = []
    const work = reads(vault, {
      ...plainReader,
      read: async (text) => {
        lengths.push(text.length)
        return readText(text.slice(0, 100))
      },
    })
    const { id } = await say(vault, 'Photosynthesis needs sunlight. '.repeat(300))
    expect(await work.readAhead({ kind: 'capture', id }, signal)).toHaveLength(1)
    expect(lengths).toEqual([8_000])
    expect(await mentioned(vault)).toEqual([])
    await work.close()
  })

  it('finds nothing of what is gone', async () => {
    const { vault } = await openTestVault(store.database)
    const work = reads(vault)
    expect(await work.readAhead({ kind: 'capture', id: 'never' }, signal)).toEqual([])
    await work.close()
  })
})
