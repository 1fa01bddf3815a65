export { type AuthorizeUrlInput, buildAuthorizeUrl, type OAuthScope } from './auth-info/authorize-url.ts'
export {
  type CardExtSignatureInput,
  type ChooseCardSignatureInput,
  signCardExt,
  signChooseCard,
} from './cards/sign.ts'
export type { Clock } from './clock.ts'
export { compose, type Service, type World } from './compose.ts'
export { ConfigError } from './config/config-error.ts'
export { loadConfig, parseConfig } from './config/load.ts'
export type { AccountConfig, Config } from './config/types.ts'
export { createApp } from './create-app.ts'
export { isServiceError, ServiceError, type ServiceErrorCode } from './errors.ts'
export { ListenError } from './http/listen.ts'
export { type JsapiSignatureInput, signJsapi } from './jsapi/sign.ts'
export { type RunningService, startService } from './serve.ts'
export { StorageError } from './storage/storage-error.ts'
