/** What the scripted web knows: written for these tests, so that every wire tells the same few things. */
export interface Article {
  title: string
  language: 'en' | 'de' | 'es'
  text: string
}

export const ARTICLES: readonly Article[] = [
  {
    title: 'Photosynthesis',
    language: 'en',
    text: 'Photosynthesis turns light into chemical energy. In the light reactions, chlorophyll splits water and oxygen is released. The Calvin cycle then binds carbon dioxide to sugar in the stroma, and needs no light of its own.',
  },
  {
    title: 'Cellular respiration',
    language: 'en',
    text: 'Cellular respiration releases the energy of sugar. Mitochondria use oxygen and give off carbon dioxide, which is the reverse of what photosynthesis does.',
  },
  {
    title: 'Attention (machine learning)',
    language: 'en',
    text: 'Attention lets a network weigh every part of its input. The weights come from a softmax over scaled products of queries and keys.',
  },
  {
    title: 'Photosynthese',
    language: 'de',
    text: 'Die Photosynthese wandelt Licht in chemische Energie um. Das Chlorophyll spaltet Wasser, und Sauerstoff wird frei.',
  },
  {
    title: 'Fotosíntesis',
    language: 'es',
    text: 'La fotosíntesis convierte la luz en energía química. La clorofila descompone el agua y se libera oxígeno.',
  },
]

const wordsIn = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Articles that have any of the words, those with the most first. */
export function matching(query: string, language?: string): Article[] {
  const asked = new Set(wordsIn(query).filter((word) => word.length > 3))
  return ARTICLES.filter((article) => language === undefined || article.language === language)
    .map((article) => ({
      article,
      hits: wordsIn(`${article.title} ${article.text}`).filter((w) => asked.has(w)).length,
    }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits)
    .map(({ article }) => article)
}
