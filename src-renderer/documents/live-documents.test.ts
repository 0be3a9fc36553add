import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import type { LearnerDocument } from '../../src-core/contract/index.ts'
import { keys } from '../backend/queries.ts'
import { showDocumentEvent } from './live-documents.ts'
import { documentKeys } from './queries.ts'

it('words of a document whose bytes were read anew are asked for again, and no others', () => {
  const cache = new QueryClient()
  const document = { id: 'd1', sha256: 'a', state: 'ready' } as LearnerDocument
  cache.setQueryData(documentKeys.text('d1', 'a'), [])
  cache.setQueryData(documentKeys.text('d2', 'b'), [])
  showDocumentEvent(cache, { type: 'changed', document })
  expect(cache.getQueryData(keys.document('d1'))).toEqual(document)
  expect(cache.getQueryState(documentKeys.text('d1', 'a'))?.isInvalidated).toBe(true)
  expect(cache.getQueryState(documentKeys.text('d2', 'b'))?.isInvalidated).toBe(false)
})
