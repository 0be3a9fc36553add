import { languageModelSuite } from '../../../test/suites/language-model-suite.ts'
import { compatibleModel } from './compatible.ts'

languageModelSuite('OpenAI-compatible server', {
  isRemote: true,
  hasKey: true,
  route: '/v1/chat/completions',
  make: ({ url, ...options }) => compatibleModel({ ...options, baseUrl: url }),
})

languageModelSuite('OpenAI-compatible server without a key', {
  isRemote: true,
  hasKey: false,
  route: '/v1/chat/completions',
  make: ({ url, ...options }) => compatibleModel({ ...options, baseUrl: url, apiKey: '' }),
})
