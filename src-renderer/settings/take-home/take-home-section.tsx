import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { ExportPart } from './export-part.tsx'
import { ImportPart } from './import-part.tsx'

/** Everything goes out in formats of other programs, and what they hold comes in. */
export function TakeHomeSection() {
  const { t } = useTranslation()
  return (
    <Section title={t('settings.takeHome.title')} about={t('settings.takeHome.about')}>
      <ExportPart />
      <ImportPart />
    </Section>
  )
}
