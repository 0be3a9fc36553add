import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../src-core/contract/index.ts'
import { RadioList } from '../../ui/radio-list.tsx'
import { SavedField } from '../saved-field.tsx'
import { Part } from '../section.tsx'
import { SourceKeyField } from './source-key-field.tsx'
import { SourceTest } from './source-test.tsx'

const SEARCHES: readonly Settings['researchWeb'][] = ['none', 'searxng', 'tavily', 'brave', 'json']

/** Where most endpoints have them. */
const USUAL_RESULTS = 'results'

/** Who searches the web, and the address or key that takes. */
export function WebSearchPart({
  settings,
  onChange,
}: {
  settings: Settings
  onChange(patch: Partial<Settings>): void
}) {
  const { t } = useTranslation()
  const { researchWeb: chosen } = settings
  const hasAddress = chosen === 'searxng' || chosen === 'json'
  return (
    <Part>
      <RadioList
        label={t('settings.research.web')}
        value={chosen}
        onValue={(researchWeb) => onChange({ researchWeb })}
        options={SEARCHES.map((value) => ({
          value,
          label: t(`settings.research.webs.${value}`),
          detail: t(`settings.research.webs.${value}Detail`),
        }))}
      />
      {hasAddress && (
        <SavedField
          type="url"
          inputMode="url"
          label={t('settings.research.address')}
          help={t(`settings.research.addressHelp.${chosen}`)}
          value={settings.researchWebUrl}
          placeholder={chosen === 'searxng' ? 'http://127.0.0.1:8888' : 'https://example.org/find?q={query}'}
          onSave={(researchWebUrl) => onChange({ researchWebUrl })}
        />
      )}
      {chosen === 'json' && (
        <SavedField
          label={t('settings.research.results')}
          help={t('settings.research.resultsHelp')}
          value={settings.researchWebResults}
          placeholder={USUAL_RESULTS}
          spellCheck={false}
          onSave={(researchWebResults) => onChange({ researchWebResults })}
        />
      )}
      {(chosen === 'tavily' || chosen === 'brave') && <SourceKeyField key={`key ${chosen}`} source={chosen} />}
      {chosen !== 'none' && <SourceTest key={`test ${chosen}`} source={chosen} />}
    </Part>
  )
}
