// What every page of the desk needs: language, person, clock, queries.

import { QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { now, Refusal } from '../../shared/api'
import { langs, reader, type Args, type Lang, type Triple } from '../../shared/lang'
import { when } from '../../shared/time'
import type { List, Me, Role } from '../../shared/types'
import { rows, speakIn, type Key } from './texts'

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal is an answer; only a dropped line is tried again.
      retry: (n, err) => n < 2 && err instanceof Refusal && (err.status === 0 || err.status >= 500),
      staleTime: 2_000,
      networkMode: 'always', // off line is told, not waited for
    },
    mutations: { networkMode: 'always' },
  },
})

export interface App {
  lang: Lang
  me: Me
}
export const Context = createContext<App>(null as unknown as App)
export const useApp = () => useContext(Context)
export const LangContext = createContext<Lang>('zh-Hans')
export const useLang = () => useContext(LangContext)

export type Say = (key: Key, args?: Args) => string
export const useSay = (): Say => speakIn(useLang())

/** A page's own words (`const useWords = words({...})`): they are fetched with the page. */
export function words<K extends string>(rows: Record<K, Triple>): () => (key: K, args?: Args) => string {
  const read = reader(rows)
  return () => read(useLang())
}

/** Reads one text that stands where it is used. */
export function useTriple(): (text: Triple) => string {
  const lang = useLang()
  return (text) => text[langs.indexOf(lang)]!
}

/** A rate as the server writes it, in the reader's words where there is nothing to divide by (T6). */
export function useRate(): (text: string) => string {
  const t = useSay()
  return (text) => (text === 'n/a' ? t('na') : text)
}

/** The text of a code, or the code itself where we have no text. */
export function useName(): (prefix: 's' | 'l' | 'r' | 'x' | 'g' | 't' | 'f' | 'p' | 'e' | 'src', code: string) => string {
  const t = useSay()
  return (prefix, code) => (`${prefix}_${code}` in rows ? t(`${prefix}_${code}` as Key) : code)
}

export const is = (me: Me, ...roles: Role[]): boolean => roles.some((r) => me.roles.includes(r))

export function told(err: unknown, t: Say): string {
  if (err instanceof Refusal) return err.status === 0 ? t('offline') : err.status === 404 ? t('not_found') : err.message || t('failed')
  return t('failed')
}

/** A query whose key holds the language: the server's sentences follow it. */
export function useLoad<T>(key: readonly unknown[], fn: () => Promise<T>, every = 0, enabled = true): UseQueryResult<T> {
  return useQuery({ queryKey: [...key, useLang()], queryFn: fn, refetchInterval: every || false, enabled })
}

/** A list by keyset pages; `more` fetches the next page, if there is one. */
export function usePages<T>(key: readonly unknown[], fn: (cursor?: string) => Promise<List<T>>, every = 0) {
  const q = useInfiniteQuery({
    queryKey: [...key, useLang(), 'pages'],
    queryFn: ({ pageParam }) => fn(pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
    refetchInterval: every || false,
  })
  return {
    items: q.data?.pages.flatMap((p) => p.items),
    error: q.error,
    again: () => void q.refetch(),
    more: q.hasNextPage ? () => void q.fetchNextPage() : undefined,
    fetching: q.isFetchingNextPage,
  }
}
export type Pages<T> = ReturnType<typeof usePages<T>>

/**
 * A verb: afterwards everything that is shown is asked for again, but for what has
 * `gone` in its key: an order that the viewer has just given away.
 */
export function useVerb<A, R>(fn: (arg: A) => Promise<R>, after?: (r: R) => void, gone?: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: fn,
    onSuccess: async (r) => {
      after?.(r)
      await queries.invalidateQueries(gone ? { predicate: (q) => !q.queryKey.includes(gone) } : undefined)
    },
  })
}

// One clock for all that run on a page: each second those who look are told.
const lookers = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined
let second = now()

function look(fn: () => void): () => void {
  lookers.add(fn)
  if (ticking === undefined) {
    second = now()
    ticking = setInterval(() => {
      second = now()
      for (const l of lookers) l()
    }, 1000)
  }
  return () => {
    lookers.delete(fn)
    if (lookers.size > 0) return
    clearInterval(ticking)
    ticking = undefined
  }
}

/** The server's time, once a second. */
export function useNow(): number {
  return useSyncExternalStore(look, () => second)
}

export function useWhen(): (iso?: string) => string {
  const lang = useLang()
  return (iso) => when(iso, lang, now())
}
