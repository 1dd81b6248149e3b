// The desk: who is signed in, which pages the role gives, the shell.

import './nonce'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import * as api from '../../shared/api'
import { choose, chosen, type Lang } from '../../shared/lang'
import { onRoute, parse } from '../../shared/route'
import type { Me } from '../../shared/types'
import { fetchWhenIdle } from './above'
import { client, Context, LangContext } from './app'
import { fetchPage, home, Page } from './pages'
import { Loading, Problem } from './parts'
import { Shell } from './shell'
import { SignIn } from './signin'
import { DarkContext, useScheme } from './theme'

document.documentElement.classList.add('desk')

// Who is there, and the code of the first page, are on their way before React draws
// anything. (index.html asks for /me while this file is still coming.)
api.speak(chosen())
const first = api.me()
first.then(
  (me) => fetchPage(parse(location.hash), me, chosen()),
  () => {}, // told below
)

function Root() {
  const [lang, setLangState] = useState<Lang>(chosen)
  const [hash, setHash] = useState(location.hash)
  const [me, setMe] = useState<Me | null>()
  const [failed, setFailed] = useState<unknown>()
  const { scheme, isDark, setScheme } = useScheme()
  api.speak(lang)

  const refresh = (asked: Promise<Me> = api.me()) =>
    asked.then(
      (m) => {
        setFailed(undefined)
        setMe(m)
      },
      (e: unknown) => {
        if (e instanceof api.Refusal && (e.status === 401 || e.status === 404)) setMe(null)
        else setFailed(e)
      },
    )
  useEffect(
    () =>
      onRoute(() => {
        setHash(location.hash)
        scrollTo(0, 0)
      }),
    [],
  )
  useEffect(() => {
    api.onSignedOut(() => setMe(null))
    void refresh(first)
    return fetchWhenIdle()
  }, [])
  useEffect(() => {
    document.documentElement.lang = lang
  }, [lang])

  const setLang = (l: Lang) => {
    choose(l)
    api.speak(l)
    setLangState(l)
    if (me) api.changeMe({ language: l }).catch(() => {})
  }
  const leave = () => {
    const out = () => {
      client.clear()
      sessionStorage.clear()
      location.hash = '/'
      setMe(null)
    }
    api.signOut().then(out, out)
  }
  const route = parse(hash)
  return (
    <DarkContext.Provider value={isDark}>
      <LangContext.Provider value={lang}>
        <Shell me={me ?? null} path={route.parts.length ? route.path : me ? home(me) : '/'} {...{ setLang, leave, scheme, setScheme }}>
          {me === undefined && (failed ? <Problem error={failed} retry={() => void refresh()} /> : <Loading />)}
          {me === null && <SignIn done={(m) => (client.clear(), setMe(m), void refresh())} />}
          {me && (
            <Context.Provider value={{ lang, me }}>
              <Page route={route} me={me} />
            </Context.Provider>
          )}
        </Shell>
      </LangContext.Provider>
    </DarkContext.Provider>
  )
}

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Root />
    </QueryClientProvider>
  </StrictMode>,
)
