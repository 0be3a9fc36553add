import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** The study timeline, how long things are kept, and how they are forgotten. */
export function timelineProcedures({ timeline, retention, forgetting }: Services) {
  const { timeline: own } = procedures
  return {
    timeline: {
      state: own.state.handler(() => timeline.state),
      pace: own.pace.handler(() => timeline.pace),
      hold: own.hold.handler(async function* ({ signal }) {
        yield* timeline.hold(signal)
      }),
      watch: own.watch.handler(async function* ({ signal }) {
        yield* timeline.watch(signal)
      }),
      offer: own.offer.handler(async ({ input }) => ({
        outcome: await timeline.offer({
          bytes: new Uint8Array(await input.picture.arrayBuffer()),
          windows: input.windows,
        }),
      })),
      pause: own.pause.handler(() => timeline.pause()),
      resume: own.resume.handler(() => timeline.resume()),
      stop: own.stop.handler(() => timeline.stop()),
      forget: own.forget.handler(async ({ input }) => ({ frames: await timeline.forget(input.minutes) })),
      forgetFrames: own.forgetFrames.handler(async ({ input }) => ({ frames: await timeline.forgetOnes(input.ids) })),
      gaps: own.gaps.handler(async ({ input }) => ({ gaps: await timeline.gaps(input.from, input.to) })),
    },
    retention: {
      forecast: procedures.retention.forecast.handler(() => retention.forecast()),
      wouldGo: procedures.retention.wouldGo.handler(({ input }) => retention.wouldGo(input)),
      tidy: procedures.retention.tidy.handler(() => retention.tidy()),
    },
    forgetting: {
      waiting: procedures.forgetting.waiting.handler(() => forgetting.waiting()),
      list: procedures.forgetting.list.handler(async () => ({ things: await forgetting.list() })),
      restore: procedures.forgetting.restore.handler(({ input }) => forgetting.restore(input.things)),
      forget: procedures.forgetting.forget.handler(({ input }) => forgetting.forgetNow(input.things)),
      forgetNow: procedures.forgetting.forgetNow.handler(() => forgetting.forgetNow()),
    },
  }
}
