import type {
  AddCardAnswer,
  AddCardRequest,
  ChooseCardAnswer,
  ChooseCardRequest,
  ViewCardAnswer,
  ViewCardRequest,
} from '../card-protocol.ts'

/** Knows the cards: a sandbox in this process, or one over HTTP. */
export interface CardKeeper {
  verifyAddCard(request: AddCardRequest): AddCardAnswer | Promise<AddCardAnswer>
  verifyChooseCard(request: ChooseCardRequest): ChooseCardAnswer | Promise<ChooseCardAnswer>
  verifyViewCard(request: ViewCardRequest): ViewCardAnswer | Promise<ViewCardAnswer>
}

/** What a keeper said to one call, and what it was asked. */
export type CardVerdict =
  | { call: 'batchAddCard'; request: AddCardRequest; answer: AddCardAnswer }
  | { call: 'chooseCard'; request: ChooseCardRequest; answer: ChooseCardAnswer }
  | { call: 'batchViewCard' | 'consumedShareCard'; request: ViewCardRequest; answer: ViewCardAnswer }

/** A keeper that asks a sandbox over HTTP. `fetch` is handed in once, so that a page cannot replace it. */
export function httpCardKeeper(sandbox: string, fetchNow: typeof fetch): CardKeeper {
  const base = `${sandbox.replace(/\/+$/, '')}/__sandbox/bridge/`
  const ask = async <T>(path: string, request: object): Promise<T> => {
    const response = await fetchNow(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
    const answer: unknown = await response.json()
    if (typeof answer !== 'object' || answer === null || !('cards' in answer))
      throw new Error(`The sandbox knows no cards: ${base}${path} answered HTTP ${response.status}.`)
    return answer as T
  }
  return {
    verifyAddCard: (request) => ask<AddCardAnswer>('add-card', request),
    verifyChooseCard: (request) => ask<ChooseCardAnswer>('choose-card', request),
    verifyViewCard: (request) => ask<ViewCardAnswer>('view-card', request),
  }
}
