/** How good rankings are, as trec_eval and BEIR measure it. */
export interface RankingFigures {
  ndcg10: number
  recall5: number
  recall10: number
  recall100: number
}

/** Figures of one ranking. @param relevant gain of each relevant document, above 0 */
export function measureRanking(ranking: readonly string[], relevant: ReadonlyMap<string, number>): RankingFigures {
  const recall = (depth: number) => ranking.slice(0, depth).filter((id) => relevant.has(id)).length / relevant.size
  const gained = discounted(ranking.slice(0, 10).map((id) => relevant.get(id) ?? 0))
  const ideal = discounted([...relevant.values()].sort((a, b) => b - a).slice(0, 10))
  return { ndcg10: gained / ideal, recall5: recall(5), recall10: recall(10), recall100: recall(100) }
}

/** The mean of each figure. */
export function meanFigures(all: readonly RankingFigures[]): RankingFigures {
  const mean = (figure: keyof RankingFigures) => all.reduce((sum, one) => sum + one[figure], 0) / all.length
  return { ndcg10: mean('ndcg10'), recall5: mean('recall5'), recall10: mean('recall10'), recall100: mean('recall100') }
}

/** Discounted cumulative gain with linear gains: the gain at rank r (from 1) counts 1 / log2(r + 1). */
function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0)
}
