import type { Clock } from '../clock.ts'
import type { ServiceError } from '../errors.ts'

export interface RefreshOutcome<Kind extends string> {
  readonly appId: string
  readonly kind: Kind
  readonly error?: ServiceError
}

/** What one refresh means for people who read the log. */
export interface RefreshNews {
  /**
   * `fine`: as always. `first`: this account fails, or fails for another reason than before. `again`: it still
   * fails, and a minute has passed. `quiet`: it still fails, said less than a minute ago. `healed`: it is over.
   */
  readonly news: 'fine' | 'first' | 'again' | 'quiet' | 'healed'
  /** Failed refreshes since this began. */
  readonly failures: number
  readonly failingMs: number
}

export interface FailingCredential {
  readonly appId: string
  readonly kind: string
  readonly code: string
  readonly errcode?: number
}

export interface FailureEpisodes<Kind extends string> {
  judge(outcome: RefreshOutcome<Kind>): RefreshNews
  /** What fails now: until it succeeds, or until nobody has asked for it for two and a half hours. */
  failing(): FailingCredential[]
}

interface Failure {
  readonly error: ServiceError
  readonly at: number
}

interface Episode<Kind extends string> {
  readonly startedAt: number
  failures: number
  readonly saidAt: Map<string, number>
  readonly failing: Map<Kind, Failure>
}

const SAY_AGAIN_MS = 60_000
// Longer than any life: a token is asked for again at the latest when the next ticket is due.
const FORGET_MS = 9_000_000

/**
 * Tells the beginning, the middle and the end of a bad day per account, so that the log says it once, by name, and
 * not twenty times a minute.
 *
 * A ticket that fails because its token does is the same bad day, and over when the token is well again.
 *
 * @param stillFails whether the failure is still remembered: another replica may have ended it
 */
export function createFailureEpisodes<Kind extends string>(
  clock: Pick<Clock, 'monotonic'>,
  stillFails: (appId: string, kind: Kind) => boolean = () => true,
): FailureEpisodes<Kind> {
  const episodes = new Map<string, Episode<Kind>>()

  function liveEpisode(appId: string, now: number): Episode<Kind> | undefined {
    const episode = episodes.get(appId)
    if (episode === undefined) return undefined
    for (const [kind, { at }] of episode.failing)
      if (now - at > FORGET_MS || !stillFails(appId, kind)) episode.failing.delete(kind)
    if (episode.failing.size > 0) return episode
    episodes.delete(appId)
    return undefined
  }

  function fail(appId: string, kind: Kind, error: ServiceError, now: number): RefreshNews {
    const episode: Episode<Kind> = liveEpisode(appId, now) ?? {
      startedAt: now,
      failures: 0,
      saidAt: new Map(),
      failing: new Map(),
    }
    episodes.set(appId, episode)
    episode.failing.set(kind, { error, at: now })
    episode.failures++
    const saidAt = episode.saidAt.get(causeOf(error))
    const news = saidAt === undefined ? 'first' : now - saidAt >= SAY_AGAIN_MS ? 'again' : 'quiet'
    if (news !== 'quiet') episode.saidAt.set(causeOf(error), now)
    return { news, failures: episode.failures, failingMs: now - episode.startedAt }
  }

  function succeed(appId: string, kind: Kind, now: number): RefreshNews {
    // Not pruned first: what has just succeeded is no longer remembered as failing, and its end shall be told.
    const episode = episodes.get(appId)
    if (episode === undefined) return { news: 'fine', failures: 0, failingMs: 0 }
    const cause = causeOf(episode.failing.get(kind)?.error)
    episode.failing.delete(kind)
    if (kind === 'access_token') {
      for (const [other, { error }] of episode.failing)
        if (causeOf(error) === cause) episode.failing.delete(other)
    }
    const over = episode.failing.size === 0
    if (over) episodes.delete(appId)
    return {
      news: over ? 'healed' : 'fine',
      failures: episode.failures,
      failingMs: now - episode.startedAt,
    }
  }

  return {
    judge({ appId, kind, error }) {
      const now = clock.monotonic()
      return error === undefined ? succeed(appId, kind, now) : fail(appId, kind, error, now)
    },
    failing() {
      const now = clock.monotonic()
      return [...episodes.keys()].flatMap((appId) =>
        [...(liveEpisode(appId, now)?.failing ?? [])].map(
          ([
            kind,
            {
              error: { code, errcode },
            },
          ]) => ({
            appId,
            kind,
            code,
            ...(errcode === undefined ? {} : { errcode }),
          }),
        ),
      )
    },
  }
}

function causeOf(error: ServiceError | undefined): string {
  return error === undefined ? '' : `${error.code} ${error.errcode ?? ''}`
}
