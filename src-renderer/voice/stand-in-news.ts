import type { Transcript } from '../../src-core/contract/index.ts'

/** What stays so until the learner does something about it. Settings may come from a device that has the recogniser, or its key. */
const STAYING: readonly string[] = ['model-not-there', 'provider-key-missing']

/** Tells which transcripts by another recogniser than the chosen one are news: each time, but once for what stays so. */
export function standInNews(): (transcript: Pick<Transcript, 'instead'>) => boolean {
  let told = ''
  return ({ instead }) => {
    const staying = instead && STAYING.includes(instead.error.code) ? `${instead.chosen} ${instead.error.code}` : ''
    const isNews = instead !== undefined && (staying === '' || staying !== told)
    told = staying
    return isNews
  }
}
