import { createAccessTokens } from './truth/access-tokens.ts'
import { createCards } from './truth/cards.ts'
import { createCodes } from './truth/codes.ts'
import { createConsents } from './truth/consents.ts'
import { createOAuthSettings } from './truth/oauth-settings.ts'
import { createOAuthTokens } from './truth/oauth-tokens.ts'
import { createQuotas } from './truth/quotas.ts'
import { createTickets } from './truth/tickets.ts'
import { createVisitors } from './truth/visitors.ts'
import type { SandboxAccount, SandboxClock, SandboxOptions } from './types.ts'
import type { World } from './world.ts'

const FORMER_TICKET_S = 300

/** A world in which nothing has happened yet. */
export function createWorld(
  accounts: ReadonlyMap<string, SandboxAccount>,
  options: SandboxOptions & Required<Pick<SandboxOptions, 'visitors'>>,
  { now }: SandboxClock,
  random: (size: number) => Uint8Array,
): World {
  return {
    accounts,
    options,
    tokens: createAccessTokens(now, random),
    tickets: createTickets(now, random, {
      rotation: options.ticketRotation ?? 'kept',
      formerTicketS: options.formerTicketS ?? FORMER_TICKET_S,
    }),
    quotas: createQuotas(now),
    visitors: createVisitors(options.visitors, options.visitor),
    codes: createCodes(now, random),
    cards: createCards(accounts, now, random),
    oauthTokens: createOAuthTokens(now, random),
    consents: createConsents(now, random),
    oauth: createOAuthSettings(options.oauth ?? {}),
    now,
    random,
  }
}
