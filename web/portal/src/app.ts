// What every page of the portal needs: language, the person, the service, the
// route. One context; no other global state.

import { createContext } from 'preact'
import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import { now, Refusal } from '../../shared/api'
import type { Args, Lang } from '../../shared/lang'
import type { Me, Service } from '../../shared/types'
import { speakIn, type Key } from './texts'

export interface App {
  lang: Lang
  /** undefined while it is not known, null when nobody is signed in */
  me: Me | null | undefined
  service: Service | undefined
  setMe: (m: Me | null) => void
  refresh: () => Promise<void>
}

/** What is to be done before somebody signs out: what he typed is kept in his account. */
export const leaving = new Set<() => Promise<unknown>>()

export const Context = createContext<App>(null as unknown as App)
export const useApp = () => useContext(Context)
export type Say = (key: Key, args?: Args) => string
export const useSay = (): Say => speakIn(useApp().lang)

/** What to tell a person about an error: the server's words, or ours. */
export function told(err: unknown, t: Say): string {
  if (err instanceof Refusal) return err.status === 0 ? t('offline') : err.message || t('failed')
  return t('failed')
}

export interface Loaded<T> {
  data: T | undefined
  error: unknown
  reload: () => void
}

/** Loads, keeps the last data while loading anew, and every `every` ms while the page is seen. */
export function useLoad<T>(fn: () => Promise<T>, deps: unknown[], every = 0): Loaded<T> {
  const [data, setData] = useState<T>()
  const [error, setError] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  useEffect(() => setData(undefined), deps)
  useEffect(() => {
    let dead = false
    fn().then(
      (d) => {
        if (dead) return
        setData(d)
        setError(undefined)
      },
      (e: unknown) => !dead && setError(e),
    )
    return () => {
      dead = true
    }
  }, [...deps, turn])
  useEffect(() => {
    if (!every) return
    const timer = setInterval(() => document.hidden || setTurn((n) => n + 1), every)
    return () => clearInterval(timer)
  }, [every])
  return { data, error, reload: () => setTurn((n) => n + 1) }
}

/** The server's time, once a second. */
export function useNow(): number {
  const [at, setAt] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return at
}

/** Title of the page; the heading takes the focus, so that a screen reader says where one is. */
export function useTitle(title: string) {
  const t = useSay()
  const ref = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('name')}`
  }, [title])
  useEffect(() => ref.current?.focus({ preventScroll: true }), [])
  return ref
}
