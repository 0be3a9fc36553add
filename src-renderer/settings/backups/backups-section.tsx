import { useTranslation } from 'react-i18next'
import { useBackupStatus } from '../../backend/backup-queries.ts'
import { toFailure } from '../../backend/failure.ts'
import { FailureNote } from '../../ui/failure-note.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Section } from '../section.tsx'
import { useBackupWork } from './backup-work.ts'
import { CopiesPart } from './copies-part.tsx'
import { KeptPart } from './kept-part.tsx'
import { NowPart } from './now-part.tsx'
import { PhrasePart } from './phrase-part.tsx'
import { PlacesPart } from './places-part.tsx'
import { SetUp } from './set-up.tsx'

/** Backups: what they are until there is a phrase; then how they stand, where they go, which are kept, and the way back. */
export function BackupsSection() {
  const { t } = useTranslation()
  const status = useBackupStatus()
  const work = useBackupWork()
  if (status.error) return <FailureNote failure={toFailure(status.error)} />
  if (!status.data) return <Waiting />
  const { data } = status
  return (
    <Section title={t('settings.backups.title')} about={t('settings.backups.about')}>
      {data.setUp ? (
        <>
          <NowPart status={data} work={work} />
          <CopiesPart copies={data.copies} isBusy={work.task !== null || data.running !== null} />
          <KeptPart status={data} work={work} />
          <PlacesPart status={data} />
          <PhrasePart status={data} />
        </>
      ) : (
        <>
          <SetUp keyStorage={data.keyStorage} />
          <CopiesPart copies={data.copies} isBusy={false} />
        </>
      )}
    </Section>
  )
}
