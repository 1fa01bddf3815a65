export type {
  AddedCard,
  BaseMenuItem,
  Beacon,
  BeaconsEvent,
  CallArguments,
  CallName,
  CallParams,
  CallResult,
  CardToAdd,
  ChosenCard,
  HideableMenuItem,
  JsApiName,
  JsApis,
  MenuShareEvent,
  MiniProgramApis,
  VoiceEvent,
} from './api-types.ts'
export { createWeixin } from './create-weixin.ts'
export { detectEnvironment, type EnvironmentSource } from './environment.ts'
export { isWeixinError, type ServiceProblem, WeixinError, type WeixinErrorDetails } from './errors.ts'
export { parseAuthInfo } from './parse-auth-info.ts'
export type {
  AuthInfo,
  AuthInfoOptions,
  Candidate,
  Environment,
  OpenTag,
  Ready,
  ReadyStep,
  SdkConfig,
  ShareContent,
  ShareReport,
  ShareStep,
  Timeouts,
  Weixin,
  WeixinErrorCode,
  WeixinOptions,
  WeixinSdk,
} from './types.ts'
