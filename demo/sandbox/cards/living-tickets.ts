import { isValid } from '../truth/issued.ts'
import type { World } from '../world.ts'

/** The card tickets that verify at this instant, newest last. */
export function livingCardTickets(world: World, appId: string): string[] {
  const now = world.now()
  return world.tickets
    .list(appId, 'wx_card')
    .filter((issued) => isValid(issued, now))
    .map(({ value }) => value)
}
