// The desk: who is signed in, which pages the role gives, the shell.

import './nonce'
import { QueryClientProvider } from '@tanstack/react-query'
import { ConfigProvider } from 'antd'
import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import * as api from '../../shared/api'
import { choose, chosen, type Lang } from '../../shared/lang'
import { onRoute, parse } from '../../shared/route'
import type { Me } from '../../shared/types'
import { client, Context, LangContext } from './app'
import { useLocale } from './locale'
import { nonce } from './nonce'
import { home, Page } from './pages'
import { Loading, Problem } from './parts'
import { Shell } from './shell'
import { SignIn } from './signin'
import { useScheme, useTheme } from './theme'

document.documentElement.classList.add('desk')

function Root() {
  const [lang, setLangState] = useState<Lang>(chosen)
  const [hash, setHash] = useState(location.hash)
  const [me, setMe] = useState<Me | null>()
  const [failed, setFailed] = useState<unknown>()
  const { scheme, isDark, setScheme } = useScheme()
  const theme = useTheme(isDark)
  const locale = useLocale(lang)
  api.speak(lang)

  const refresh = () =>
    api.me().then(
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
    <ConfigProvider theme={theme} csp={{ nonce }} {...(locale && { locale })} button={{ autoInsertSpace: false }}>
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
    </ConfigProvider>
  )
}

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Root />
    </QueryClientProvider>
  </StrictMode>,
)
