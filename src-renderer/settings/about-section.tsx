import { useTranslation } from 'react-i18next'
import { toFailure } from '../backend/failure.ts'
import { useAppInfo } from '../backend/queries.ts'
import { useStatus } from '../shell/status.ts'
import { StatusList } from '../shell/status-menu.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { Facts, Part, Section } from './section.tsx'

export function AboutSection() {
  const { t } = useTranslation()
  const status = useStatus()
  const info = useAppInfo()
  if (info.error) return <FailureNote failure={toFailure(info.error)} />
  if (!info.data) return <Waiting />
  const { version, host, embedder, transcriber, vaultId } = info.data
  return (
    <Section title={t('settings.about.title')} about={t('settings.about.about')}>
      <Part title={t('status.title')}>
        <StatusList status={status} />
      </Part>
      <Part>
        <Facts
          facts={[
            [t('settings.about.version'), version],
            [t('settings.about.host'), t(`settings.about.hosts.${host}`)],
            [t('settings.about.embedder'), embedder],
            [t('settings.about.transcriber'), transcriber],
            [t('settings.about.vault'), vaultId],
            [t('settings.about.licence'), 'MIT'],
          ]}
        />
      </Part>
    </Section>
  )
}
