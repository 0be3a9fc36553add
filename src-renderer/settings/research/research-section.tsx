import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../src-core/contract/index.ts'
import { toFailure } from '../../backend/failure.ts'
import { useChangeSettings, useSettings } from '../../backend/queries.ts'
import { Switch } from '../../ui/choice.tsx'
import { FailureNote } from '../../ui/failure-note.tsx'
import { RadioList } from '../../ui/radio-list.tsx'
import { Waiting } from '../../ui/waiting.tsx'
import { Part, Section } from '../section.tsx'
import { AllowedPart } from './allowed-part.tsx'
import { CachePart } from './cache-part.tsx'
import { SourceTest } from './source-test.tsx'
import { WebSearchPart } from './web-search-part.tsx'

const MODES: readonly Settings['research'][] = ['off', 'ask', 'on']

/** Whether answers may be looked up beyond this device, of whom, and what is kept of it. */
export function ResearchSection() {
  const { t } = useTranslation()
  const settings = useSettings().data
  const change = useChangeSettings()
  if (!settings) return <Waiting />
  const isOn = settings.research !== 'off'
  return (
    <Section title={t('settings.research.title')} about={t('settings.research.about')}>
      <Part>
        <RadioList
          label={t('settings.research.mode')}
          value={settings.research}
          onValue={(research) => change.mutate({ research })}
          options={MODES.map((value) => ({
            value,
            label: t(`settings.research.modes.${value}`),
            detail: t(`settings.research.modes.${value}Detail`),
          }))}
        />
        {change.error && <FailureNote failure={toFailure(change.error)} />}
      </Part>
      {isOn && (
        <>
          <Part title={t('settings.research.sources')}>
            <Switch
              label={t('settings.research.webs.wikipedia')}
              help={t('settings.research.wikipediaHelp')}
              checked={settings.researchWikipedia}
              onChecked={(researchWikipedia) => change.mutate({ researchWikipedia })}
            />
            {settings.researchWikipedia && <SourceTest source="wikipedia" />}
            <Switch
              label={t('settings.research.webs.arxiv')}
              help={t('settings.research.arxivHelp')}
              checked={settings.researchArxiv}
              onChecked={(researchArxiv) => change.mutate({ researchArxiv })}
            />
            {settings.researchArxiv && <SourceTest source="arxiv" />}
            <Switch
              label={t('settings.research.addresses')}
              help={t('settings.research.addressesHelp')}
              checked={settings.researchAddresses}
              onChecked={(researchAddresses) => change.mutate({ researchAddresses })}
            />
          </Part>
          <WebSearchPart settings={settings} onChange={(patch) => change.mutate(patch)} />
          {settings.research === 'ask' && (
            <AllowedPart
              allowed={settings.researchAllowed}
              onChange={(researchAllowed) => change.mutate({ researchAllowed })}
            />
          )}
        </>
      )}
      <CachePart />
    </Section>
  )
}
