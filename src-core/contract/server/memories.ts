import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Memories of the learner, and cards. */
export function learnerProcedures({ vault, proposer }: Services) {
  const { memories, cards } = procedures
  return {
    memories: {
      list: memories.list.handler(async ({ input: { cursor, limit, ...filter }, context }) => {
        // A command is over before the background could tell it of more.
        if (context.host === 'cli') await proposer.idle()
        return vault.memories.list(filter, { cursor, limit })
      }),
      get: memories.get.handler(({ input }) => vault.memories.get(input.id)),
      getMany: memories.getMany.handler(async ({ input }) => ({ items: await vault.memories.getMany(input.ids) })),
      counts: memories.counts.handler(() => vault.memories.counts()),
      add: memories.add.handler(({ input }) => vault.memories.add(input)),
      accept: memories.accept.handler(async ({ input }) => ({ items: await vault.memories.accept(input.ids) })),
      edit: memories.edit.handler(({ input: { id, ...patch } }) => vault.memories.edit(id, patch)),
      forget: memories.forget.handler(({ input }) => vault.memories.forget(input.ids)),
      bringBack: memories.bringBack.handler(async ({ input }) => ({ done: await vault.memories.bringBack(input.id) })),
      restingCards: memories.restingCards.handler(async ({ input }) => ({
        cards: await vault.memories.restingCards(input.ids),
      })),
    },
    cards: {
      list: cards.list.handler(({ input: { cursor, limit, ...filter } }) =>
        vault.cards.list(filter, { cursor, limit }),
      ),
      getMany: cards.getMany.handler(async ({ input }) => ({ items: await vault.cards.getMany(input.ids) })),
      counts: cards.counts.handler(() => vault.cards.counts()),
      keep: cards.keep.handler(async ({ input }) => ({ items: await vault.cards.keep(input.ids) })),
      edit: cards.edit.handler(({ input: { id, ...patch } }) => vault.cards.edit(id, patch)),
      delete: cards.delete.handler(({ input }) => vault.cards.delete(input.ids)),
    },
  }
}
