import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Concepts: asked and corrected. */
export function graphProcedures({ concepts }: Services) {
  const on = procedures.graph
  return {
    graph: {
      status: on.status.handler(async () => ({ pending: (await concepts.progress()).pending })),
      list: on.list.handler(async ({ input }) => ({ items: await concepts.list(input) })),
      show: on.show.handler(async ({ input }) => {
        const concept = await concepts.find(input.concept)
        const [neighbours, evidence] = await Promise.all([
          concepts.neighbours(concept.id, input.limit),
          concepts.evidence(concept.id, input.limit),
        ])
        return { concept, neighbours, evidence }
      }),
      map: on.map.handler(({ input }) => concepts.map(input.limit)),
      around: on.around.handler(async ({ input }) =>
        concepts.around((await concepts.find(input.concept)).id, input.steps, input.limit),
      ),
      relation: on.relation.handler(({ input }) => concepts.relation(input.from, input.to, input.limit)),
      overTime: on.overTime.handler(async ({ input }) => {
        const concept = await concepts.find(input.concept)
        return { concept, ...(await concepts.overTime(concept.id, input.passages)) }
      }),
      path: on.path.handler(async ({ input }) => {
        const [from, to] = [await concepts.find(input.from), await concepts.find(input.to)]
        return { path: await concepts.path(from.id, to.id) }
      }),
      gaps: on.gaps.handler(async ({ input }) => ({ items: await concepts.gaps(input.limit) })),
      trending: on.trending.handler(async ({ input }) => ({ items: await concepts.trending(input.limit) })),
      rename: on.rename.handler(({ input }) => concepts.rename(input.concept, input.name)),
      merge: on.merge.handler(({ input }) => concepts.merge(input.into, input.other)),
      split: on.split.handler(({ input }) => concepts.split(input.concept, input.variant)),
      hide: on.hide.handler(({ input }) => concepts.hide(input.concept, input.hidden)),
      link: on.link.handler(({ input }) => concepts.link(input.from, input.to, input.kind, input.linked)),
    },
  }
}
