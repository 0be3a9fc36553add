import type { TFunction } from 'i18next'
import type { Session } from '../../src-core/contract/index.ts'

/** What a session is called: the learner's title, else how it began. */
export function sessionName(session: Pick<Session, 'title' | 'preview'>, t: TFunction): string {
  return session.title?.trim() || session.preview.trim() || t('talk.untitled')
}
