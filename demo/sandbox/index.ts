export { builtInAccount } from './accounts.ts'
export type { BridgeProfile, VerifyAnswer, VerifyExplanation, VerifyRequest } from './bridge-protocol.ts'
export type {
  AddCardAnswer,
  AddCardRequest,
  AddCardVerdict,
  CardCause,
  CardExplanation,
  CardFace,
  CardText,
  ChooseCardAnswer,
  ChooseCardRequest,
  OwnedCard,
  ViewCardAnswer,
  ViewCardRequest,
} from './card-protocol.ts'
export type { CardSnapshot, CardStatus, CardType, SandboxCard, TakenCard } from './card-types.ts'
export { builtInCards } from './cards.ts'
export { readSandboxConfig, SandboxConfigError } from './config/read-sandbox-config.ts'
export { createSandbox } from './create-sandbox.ts'
export { faultKinds } from './faults.ts'
export { type MswHttp, mswHandler } from './msw-handler.ts'
export type { AuthorizeQuery } from './oauth/authorize-query.ts'
export { type AuthorizeUrlVerdict, verifyAuthorizeUrl } from './oauth/verify-authorize-url.ts'
export type {
  CodeSnapshot,
  OAuthScope,
  OAuthSwitches,
  OAuthTokenSnapshot,
  SandboxVisitor,
  VisitorEntry,
  VisitorIdentity,
  VisitorList,
} from './oauth-types.ts'
export {
  type InstallWeixinOptions,
  installWeixin,
  type PlaywrightPage,
  type WeixinInPage,
  type WeixinPerson,
  type WeixinVerdict,
} from './playwright.ts'
export { type ServedSandbox, type ServeSandboxOptions, serveSandbox } from './serve-sandbox.ts'
export type {
  AccountSnapshot,
  ApiCall,
  Fault,
  FaultKind,
  IssuedSnapshot,
  PhoneSettings,
  Sandbox,
  SandboxAccount,
  SandboxClock,
  SandboxOptions,
  SandboxSnapshot,
  TicketType,
  TokenKind,
} from './types.ts'
export { builtInVisitors } from './visitors.ts'
