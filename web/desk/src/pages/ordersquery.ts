// What the list of orders asks for: as the page does, and before the page's code is there.

import * as api from '../../../shared/api'
import type { OrderRow } from '../../../shared/types'
import type { PagesOf } from '../app'

export interface Filter {
  state: string
  /** what a figure of the board counted */
  figure: string
  date: string
  q: string
}

export const filterOf = (query: URLSearchParams): Filter => ({ state: query.get('state') ?? '', figure: query.get('figure') ?? '', date: query.get('date') ?? '', q: query.get('q') ?? '' })

export const ordersOf = (f: Filter): PagesOf<OrderRow> => ({ key: ['orders', f], fn: (cursor) => api.orders({ ...f, limit: 50, ...(cursor && { cursor }) }) })
