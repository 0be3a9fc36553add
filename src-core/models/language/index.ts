export { createAllowance } from './allowance.ts'
export { type AnthropicOptions, anthropicModel } from './anthropic.ts'
export { Breakers } from './breaker.ts'
export {
  type Budget,
  type BudgetStatus,
  createBudget,
  type SpendingEntry,
  type SpendingLedger,
} from './budget.ts'
export { type CompatibleOptions, compatibleModel } from './compatible.ts'
export { createLanguageModel, type LanguageModelServices, listModels } from './create.ts'
export { answerFrom, type FoundAnswer } from './offline/answer-from.ts'
export { detectLanguage, type TutorLanguage } from './offline/language.ts'
export { reckonedWish } from './offline/reckoning.ts'
export { OFFLINE_MODEL, type OfflineTutorOptions, offlineTutor } from './offline/tutor.ts'
export { readUtterance } from './offline/utterance.ts'
export { type OpenAIOptions, openaiModel } from './openai.ts'
export { openaiEar } from './openai-ear.ts'
export { openaiVoice } from './openai-voice.ts'
export type { ProviderModel, SilenceLimits } from './provider-model.ts'
export {
  chooseProvider,
  type LanguageSecrets,
  type LanguageSettings,
  type ModelChoice,
  type ModelSources,
  selectModel,
} from './select.ts'
export { estimateRequestTokens, estimateTokens } from './token-estimate.ts'
