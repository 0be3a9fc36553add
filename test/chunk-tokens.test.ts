import { beforeAll, describe, expect, it } from 'vitest'
import { chunkText } from '../src-core/memory/chunk.ts'
import { loadMiniLmTokenizer, MINILM_MAX_TOKENS, type Tokenize } from '../src-core/models/local/minilm-tokens.ts'

/** Paragraphs of different kinds of text, each long enough for several chunks. */
const TEXTS: Record<string, string> = {
  talk: `so yesterday i finally got how backprop works, it is just the chain rule applied from the end to the start. i drew it on paper and then
    it clicked! what i still don't get is why the gradients vanish in deep nets, maybe because you multiply many small numbers. `,
  prose: `The boundary layer on a flat plate grows with the square root of the distance from the leading edge. Its displacement thickness
    determines the effective shape that the outer flow sees, and therefore the pressure distribution. `,
  science: `Immunohistochemical characterization of glioblastoma multiforme demonstrated heterogeneous phosphorylation of extracellular
    signal-regulated kinases, notwithstanding pharmacological inhibition of tyrosine phosphatases. `,
  list: 'She likes Quokkas, River Otters, Tapirs, Snow Leopards, Hydrangeas, Bassoons, Pangolins, Giant Isopods and Praying Mantises. ',
  code: 'const total = items.filter((item) => item.price > 3.5).reduce((sum, { price }) => sum + price * 1.19, 0); // taxes_included ',
  numbers: 'In 1969 it weighed 12,345.678 kg, on 2026-11-22 at 20:41:07 only 0.000123; pi is 3.14159265358979. ',
  german:
    'Ich habe heute gelernt, wie man Differentialgleichungen löst, und warum die Grenzschicht an einer Platte wächst. ',
  spanish:
    'Hoy aprendí cómo funciona la fotosíntesis en las hojas de las plantas, y por qué necesitan tanta luz del sol. ',
  russian: 'Пограничный слой на плоской пластине растёт с расстоянием от передней кромки, и это важно для обтекания. ',
  chinese: '注意力机制让模型关注输入中最重要的部分,这对于翻译和阅读理解都非常有用。',
}

describe('chunks and the tokenizer of the embedder', () => {
  let tokenize: Tokenize
  beforeAll(async () => {
    tokenize = await loadMiniLmTokenizer()
  })

  it.each(Object.keys(TEXTS))('no chunk of %s is cut by the model', (kind) => {
    const paragraph = (TEXTS[kind] as string).replace(/\s+/g, ' ')
    const text = paragraph.repeat(Math.ceil(6_000 / paragraph.length))
    const chunks = chunkText(text).map(({ start, end }) => text.slice(start, end))
    expect(chunks.length).toBeGreaterThan(2)
    // The tokenizer stops at the maximum, so that a count below it is the whole chunk.
    for (const chunk of chunks) expect(tokenize(chunk).length).toBeLessThan(MINILM_MAX_TOKENS)
  })
})
