/** One request the sandbox saw. */
export interface HttpCall {
  at: number
  method: string
  host: string
  path: string
  query: Record<string, string>
  body?: string
  status?: number
  errcode?: number
  faults?: string[]
}

/** A token or ticket that was given out. */
export interface Issued {
  value: string
  issuedAt: number
  expiresAt: number
  endsAt: number
  valid: boolean
}

/** A code of web page authorization. */
export interface OAuthCode {
  value: string
  visitor: string
  scope: string
  issuedAt: number
  expiresAt: number
  state: 'live' | 'used' | 'expired'
}

/** An access_token of a visitor. */
export interface OAuthToken {
  accessToken: string
  visitor: string
  scope: string
  expiresAt: number
  valid: boolean
}

/** How the sandbox plays web page authorization where WeChat is uncertain. */
export interface OAuthSwitches {
  doubleCallback: false | 'same-code' | 'new-code'
  cookiesLost: boolean
  refusal: 'stays' | 'state-only'
  remembersConsent: boolean
  snapshotProfile: 'refused' | 'virtual'
  snapshotMark: boolean
}

/** Somebody who may look at the page. */
export interface Visitor {
  id: string
  /** In Chinese and in English, with ` · ` between them. */
  name: string
  nickname: string
  headimgurl: string
  follower: boolean
  enteredFrom?: 'chat' | 'link'
  unionid: boolean
  snapshot?: boolean
  refuses?: boolean
}

/** Everybody, and who is looking. */
export interface Visitors {
  current: string
  /** Chosen for this browser alone; goes before `current`. */
  thisBrowser?: string
  visitors: Visitor[]
}

/** The sandbox at one instant. */
export interface SandboxState {
  now: number
  offsetMs: number
  accounts: {
    appId: string
    name?: string
    safeDomains: string[]
    tokens: Record<string, Issued[]>
    tickets: Record<string, Issued[]>
    codes: OAuthCode[]
    oauthTokens: OAuthToken[]
  }[]
  visitors: Visitors
  oauth: OAuthSwitches
  faults: { kind: string }[]
}

/** What the sandbox tells the phone at the start. */
export interface PhoneJson {
  page?: string
  sandbox?: string
  account?: { appId: string; name?: string }
}

/** The sandbox's control interface, as far as the phone uses it. */
export interface SandboxApi {
  settings(): Promise<PhoneJson>
  state(): Promise<SandboxState>
  calls(): Promise<HttpCall[]>
  setFaults(kinds: string[]): Promise<unknown>
  advanceClock(advanceMs: number): Promise<unknown>
  rotateTicket(appId: string): Promise<unknown>
  visitors(): Promise<Visitors>
  /** For this browser alone: other people at the same sandbox keep theirs. */
  chooseVisitor(id: string): Promise<Visitors>
  setOAuth(changes: Partial<OAuthSwitches>): Promise<unknown>
  reset(): Promise<unknown>
}

/** Speaks to the sandbox at a base address. */
export function sandboxApi(base: string): SandboxApi {
  const ask = async (path: string, method = 'GET', body?: unknown): Promise<unknown> => {
    const response = await fetch(`${base}/__sandbox/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} /__sandbox/${path} answered HTTP ${response.status}.`)
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    settings: async () => (await ask('phone.json')) as PhoneJson,
    state: async () => (await ask('state')) as SandboxState,
    calls: async () => {
      const answer = await ask('calls')
      return (Array.isArray(answer) ? answer : Reflect.get(Object(answer), 'calls')) as HttpCall[]
    },
    setFaults: (kinds) => ask('faults', 'PUT', { faults: kinds.map((kind) => ({ kind })) }),
    advanceClock: (advanceMs) => ask('clock', 'POST', { advanceMs }),
    rotateTicket: (appId) => ask('tickets/rotate', 'POST', { appId, type: 'jsapi' }),
    visitors: async () => (await ask('visitors')) as Visitors,
    chooseVisitor: async (current) =>
      (await ask('visitors', 'POST', { current, thisBrowser: true })) as Visitors,
    setOAuth: (changes) => ask('oauth', 'POST', changes),
    reset: () => ask('reset', 'POST', {}),
  }
}
