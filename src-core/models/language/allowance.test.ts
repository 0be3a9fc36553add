import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, fakeModel } from '../../../test/scripted-provider/fake-model.ts'
import { LvaError, ManualClock, silentLog } from '../../kernel/index.ts'
import type { LanguageRequest } from '../types.ts'
import { createAllowance } from './allowance.ts'
import { createBudget } from './budget.ts'
import { withBudget } from './with-budget.ts'

/** A million tokens of either kind cost a dollar: a token costs a millionth. */
const PRICES = { 'fake-model': { inputPerMillion: 1, outputPerMillion: 1 } }
const MOST_OUTPUT = 100
/** What a fake model is asked with, and may answer. */
const MOST = 10 + MOST_OUTPUT

const budget = () =>
  createBudget({
    clock: new ManualClock(),
    limitUsd: () => 1_000,
    prices: PRICES,
    ledger: { spentMicroUsd: async () => 0, record: async () => undefined },
    log: silentLog,
  })

const request = (usd: number): LanguageRequest => ({
  system: '',
  messages: [],
  passages: [],
  maxOutputTokens: MOST_OUTPUT,
  allowance: createAllowance(usd),
})

describe('what a turn may spend', () => {
  it('is passed by no interleaving of parallel calls, whether they end, fail or are left', async () => {
    const call = fc.record({
      uses: fc.integer({ min: 0, max: MOST_OUTPUT }),
      ends: fc.constantFrom('whole', 'failing', 'left'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(call, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 6 * MOST }),
        async (scheduler, calls, limit) => {
          const shared = request(limit / 1_000_000)
          const month = budget()
          let spent = 0
          let refused = 0
          const work = calls.map(async ({ uses, ends }, at) => {
            const model = withBudget(
              fakeModel([
                {
                  texts: ['a', 'b'],
                  until: scheduler.schedule(Promise.resolve(), `answer ${at}`),
                  inputTokens: 10,
                  outputTokens: uses,
                  ...(ends === 'failing' && { fails: new LvaError('provider-stream-cut', 'Cut.') }),
                },
              ]),
              month,
              false,
            )
            await scheduler.schedule(Promise.resolve(), `ask ${at}`)
            try {
              for await (const _ of model.stream(shared, (used) => {
                spent += used.inputTokens + used.outputTokens
              }))
                if (ends === 'left') break
            } catch (error) {
              if (error instanceof LvaError && error.code === 'turn-budget-reached') refused += 1
            }
            expect(spent).toBeLessThanOrEqual(limit)
          })
          await scheduler.waitFor(Promise.all(work))
          expect(spent).toBeLessThanOrEqual(limit)
          // Nobody is refused while there is room for all.
          if (limit >= calls.length * MOST) expect(refused).toBe(0)
          expect((await month.status()).reservedUsd).toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is refused before anything is sent, and nothing stays set aside', async () => {
    const month = budget()
    const model = fakeModel([{ texts: ['Hi'] }])
    const shared = request((MOST - 1) / 1_000_000)
    const failure = await failureOf(
      (async () => {
        for await (const _ of withBudget(model, month, false).stream(shared));
      })(),
    )
    expect(failure).toMatchObject({ code: 'turn-budget-reached' })
    expect(model.calls).toBe(0)
    expect((await month.status()).reservedUsd).toBe(0)
  })

  it('is given back once, and does not stop what is free', () => {
    const allowance = createAllowance(0.0001)
    const settle = allowance.reserve(100)
    settle(40)
    settle(0)
    allowance.reserve(60)
    expect(() => allowance.reserve(1)).toThrow('$0.00')
    allowance.reserve(0)
  })
})
