import { useTranslation } from 'react-i18next'
import type { ProviderStatus, Settings } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { useAppInfo, useChangeSettings, useProviders, useSettings } from '../backend/queries.ts'
import { TALK_MODES } from '../talk/mode-choice.ts'
import { Switch } from '../ui/choice.tsx'
import { FailureNote } from '../ui/failure-note.tsx'
import { RadioList } from '../ui/radio-list.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { ProviderPart } from './provider-part.tsx'
import { Part, Section } from './section.tsx'

const CHOICES: readonly Settings['provider'][] = ['auto', 'anthropic', 'openai', 'compatible', 'offline']

/** Who answers, and the keys and addresses that takes. */
export function ModelsSection() {
  const { t } = useTranslation()
  const providers = useProviders()
  const settings = useSettings().data
  const storage = useAppInfo().data?.keyStorage
  const change = useChangeSettings()
  if (providers.error) return <FailureNote failure={toFailure(providers.error)} />
  if (!providers.data || !settings) return <Waiting />
  const active = providers.data.find((provider) => provider.active)
  return (
    <Section title={t('settings.models.title')} about={t('settings.models.about')}>
      <Part>
        <RadioList
          label={t('settings.models.who')}
          value={settings.provider}
          onValue={(provider) => change.mutate({ provider })}
          options={CHOICES.map((value) => ({
            value,
            label: value === 'auto' ? t('settings.models.auto') : t(`provider.${value}`),
            detail: detailOf(value),
          }))}
        />
        {change.error && <FailureNote failure={toFailure(change.error)} />}
      </Part>
      <Part>
        <RadioList
          label={t('settings.models.talkMode')}
          value={settings.talkMode}
          onValue={(talkMode) => change.mutate({ talkMode })}
          options={TALK_MODES.map((value) => ({
            value,
            label: t(`talk.mode.${value}.name`),
            detail: t(`talk.mode.${value}.detail`),
          }))}
        />
        <Switch
          label={t('settings.models.askAboutGoals')}
          help={t('settings.models.askAboutGoalsHelp')}
          checked={settings.askAboutGoals}
          onChecked={(askAboutGoals) => change.mutate({ askAboutGoals })}
        />
      </Part>
      <Part>
        <Switch
          label={t('settings.models.concepts')}
          help={t('settings.models.conceptsHelp')}
          checked={settings.conceptsByModel}
          onChecked={(conceptsByModel) => change.mutate({ conceptsByModel })}
        />
      </Part>
      {providers.data.map(
        (provider) =>
          provider.provider !== 'offline' && (
            <ProviderPart key={provider.provider} status={provider} storage={storage} />
          ),
      )}
    </Section>
  )

  function detailOf(choice: Settings['provider']): string {
    if (choice === 'auto') {
      return active
        ? t('settings.models.autoNow', { provider: t(`provider.${active.provider}`) })
        : t('settings.models.autoDetail')
    }
    if (choice === 'offline') return t('settings.models.offlineDetail')
    const status = providers.data?.find(({ provider }) => provider === choice)
    return status?.configured ? readyDetail(status) : t(`settings.models.needs.${choice}`)
  }

  function readyDetail(status: ProviderStatus): string {
    return t('settings.models.ready', { model: status.model })
  }
}
