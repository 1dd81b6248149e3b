// The desk: who is signed in, which pages the role gives, the frame.

import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import * as api from '../../shared/api'
import { choose, chosen, type Lang } from '../../shared/lang'
import { onRoute, parse } from '../../shared/route'
import type { Me } from '../../shared/types'
import { client, Context, LangContext, useSay } from './app'
import { Frame } from './frame'
import { home, Page } from './pages'
import { SignIn } from './signin'

function Root() {
  const [lang, setLangState] = useState<Lang>(chosen)
  const [hash, setHash] = useState(location.hash)
  const [me, setMe] = useState<Me | null>()
  const [failed, setFailed] = useState(false)
  api.speak(lang)

  const refresh = () =>
    api.me().then(
      (m) => {
        setFailed(false)
        setMe(m)
      },
      (e: unknown) => {
        if (e instanceof api.Refusal && (e.status === 401 || e.status === 404)) setMe(null)
        else setFailed(true)
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
    void refresh()
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
    <LangContext.Provider value={lang}>
      <Frame me={me ?? null} setLang={setLang} leave={leave} path={route.parts.length ? route.path : me ? home(me) : '/'}>
        {me === undefined && <Starting failed={failed} retry={() => void refresh()} />}
        {me === null && <SignIn done={(m) => (client.clear(), setMe(m), void refresh())} />}
        {me && (
          <Context.Provider value={{ lang, me }}>
            <Page route={route} me={me} />
          </Context.Provider>
        )}
      </Frame>
    </LangContext.Provider>
  )
}

function Starting({ failed, retry }: { failed: boolean; retry: () => void }) {
  const t = useSay()
  return failed ? (
    <div className="note bad" role="alert">
      <p>{t('offline')}</p>
      <button type="button" onClick={retry}>
        {t('again')}
      </button>
    </div>
  ) : (
    <p className="loading" role="status">
      {t('loading')}
    </p>
  )
}

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Root />
    </QueryClientProvider>
  </StrictMode>,
)
