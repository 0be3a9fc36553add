import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Concept, RelationKind } from '../../src-core/contract/index.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { SelectField } from '../ui/field.tsx'
import { ConceptPicker } from './concept-picker.tsx'
import { useCorrections } from './corrections.ts'

interface CorrectionDialog {
  open: boolean
  concept: Concept
  onClose(): void
}

/** Says that another concept is the same. */
export function MergeDialog({ open, concept, onClose }: CorrectionDialog) {
  const { t } = useTranslation()
  const { merge } = useCorrections()
  const [other, setOther] = useState<Concept>()
  const close = () => {
    setOther(undefined)
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('map.mergeTitle', { name: concept.name })}
      description={t('map.mergeHelp', { name: concept.name })}
    >
      <ConceptPicker label={t('map.other')} without={[concept.id]} onPick={setOther} className="mb-2 w-full" />
      <Button onClick={close}>{t('common.cancel')}</Button>
      <Button
        look="primary"
        disabled={!other}
        onClick={() => {
          if (other) merge(concept, other)
          close()
        }}
      >
        {t('map.merge')}
      </Button>
    </Dialog>
  )
}

const KINDS: readonly RelationKind[] = ['related', 'prerequisite', 'part_of', 'uses', 'similar', 'contradicts']

/** Says how two concepts are connected. */
export function LinkDialog({ open, concept, onClose }: CorrectionDialog) {
  const { t } = useTranslation()
  const { link } = useCorrections()
  const [other, setOther] = useState<Concept>()
  const [kind, setKind] = useState<RelationKind>('related')
  const close = () => {
    setOther(undefined)
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('map.linkTitle', { name: concept.name })}
      description={t('map.linkHelp')}
    >
      <div className="mb-2 w-full space-y-4">
        <SelectField
          label={t('map.howConnected', { name: concept.name })}
          options={KINDS.map((value) => ({ value, label: t(`map.kind.${value}.verb`) }))}
          value={kind}
          onValue={(value) => setKind(KINDS.find((known) => known === value) ?? 'related')}
        />
        <ConceptPicker label={t('map.other')} without={[concept.id]} onPick={setOther} />
      </div>
      <Button onClick={close}>{t('common.cancel')}</Button>
      <Button
        look="primary"
        disabled={!other}
        onClick={() => {
          if (other) link(concept, other, kind, true)
          close()
        }}
      >
        {t('map.link')}
      </Button>
    </Dialog>
  )
}
