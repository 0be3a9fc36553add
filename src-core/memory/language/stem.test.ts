import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore } from '../../../test/vault-world.ts'
import type { Store } from '../../store/index.ts'
import { stem } from './stem.ts'
import { usualForm } from './terms.ts'

/** Words for every rule of the algorithm, and for what the rules must leave alone. */
const VOCABULARY = `
  a ability abilities able about abruptly absorb accompanied accordance accurately ache achieving acknowledgement actively activities add
  added adding adjustable advisable aerodynamic aeroelasticity agreed agreedly airing albeit alkali allowance allowing analogously analysis
  analyzing andes animadversion apologist approximately arsenal arsenic atlas attention atrocities basis bead beauties beauty belly bias
  bleeding boundary boys businesses by called callousness canning caresses cats causality ceased cement cheerfully cities classification
  commune communication communism compressibility concrete conditional conditioned conference conflated consign consistency controlling
  cosmos crepuscular cries cry crying decisiveness defensible delayed dependent derivation describes differentiation digitizer dies died
  disabled discretionary disease does dying dyed earring early easily eed egged egging electrical electricity elements emergency employing
  enjoy enjoyed enthusiastically errors essential exceed exceeding excellency exponential faded failing falling feed feudalism filing fitted
  fizzed flies flying formality formalize formative formerly fulfilled gas gaps general generalization generally generate gently goodness
  gradient gradually gyroscopic happy hesitancy hinged hissing homologous hoped hopefulness hoping hopping howe hyphen ideas identical idly
  illness improvement inference information inning inkling instinctively interestingly international introduction irritant knack knees
  knightly known knotted kneeling lateral learning learned lately locality logical lying mate matting mechanism mediated meeting meetings
  messing mitochondria momentum motoring multiplication national nations naturally news normalized objectively obliged observations off
  offing only opaque operator organization oscillators outing owed paid parallel past pasted pasting payable penniless photosynthesis plastered
  plotted pony possibility predication probate proceed proceeds proceeding psychologist puzzles quality quickly quietly radically rate rational
  reactivity reality reasoning relational relativity renewal replacement revival rolling roll runs running sad saying sensational sensibility
  sensitivity series shortly singly singing size sized skies skis sky skulls sleeping slowly snowed solidity species squaring stability
  studies study succeed supposedly sympathetic tanned tapering tenuous theoretical theories thinking ties tied tuning transformers
  transformation transforming triplicate troubled trying tying tying ugly university universal universe us used useful usefulness using vaguely
  valenci valuable vileli vietnamization viewed viscosities vying was weighs whiskers wholly why x-ray yacht year yes yeses yielding young
  youth youthful zoology don't dog's dogs' 'quoted it's o'clock rock'n'roll
`
  .trim()
  .split(/\s+/)

describe('stem', () => {
  let store: Store
  beforeAll(async () => {
    store = await openTestStore()
  })
  afterAll(() => store?.close())

  it('agrees with Postgres on every word, stop words included', async () => {
    const rows = await store.database.query<{ word: string; stems: string[] }>(
      `select word, ts_lexize('english_stem', word) as stems from unnest($1::text[]) as word`,
      [VOCABULARY],
    )
    expect(rows.length).toBe(VOCABULARY.length)
    const ours = rows.map(({ word }) => `${word}: ${usualForm(word) ?? 'left out'}`)
    expect(ours).toEqual(rows.map(({ word, stems }) => `${word}: ${stems[0] ?? 'left out'}`))
  })

  it('leaves other writing as it is', () => {
    for (const word of ['größe', 'внимание', '注意力', '12345', 'naïve']) expect(stem(word)).toBe(word)
  })
})
