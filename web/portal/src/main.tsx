// The portal: routes, header, footer. Pages lie beside this file.

import { render } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import * as api from '../../shared/api'
import { choose, chosen, langNames, langs, type Lang } from '../../shared/lang'
import { onRoute, parse } from '../../shared/route'
import { zoneName } from '../../shared/time'
import type { Me, Service } from '../../shared/types'
import { Context, leaving, useApp, useSay, type App as Shared } from './app'
import { AskPage } from './ask'
import { ComplainPage, ComplaintsPage } from './complain'
import { Later } from './files'
import { HomePage } from './home'
import { InboxPage } from './inbox'
import { OrderPage, SentPage } from './order'
import { Heading } from './parts'
import { RecordsPage } from './records'
import { SignInPage } from './signin'
import { SmsPage } from './sms'
import { TypeSize } from './typesize'

/** The service's name is configured in one language; other readers get ours. */
const brand = (s: Service | undefined, lang: Lang) => (lang === 'zh-Hans' ? s?.name : '')

function Page({ hash }: { hash: string }) {
  const t = useSay()
  const { parts, query } = parse(hash)
  const [first, second, third] = parts
  switch (first) {
    case undefined:
      return <HomePage />
    case 'ask':
      return <AskPage />
    case 'sign-in':
      return <SignInPage next={query.get('next') ?? '/'} />
    case 'complain':
      return <ComplainPage key={query.get('order')} order={query.get('order') ?? undefined} />
    case 'complaints':
      return <ComplaintsPage />
    case 'me':
      return <Later load={() => import('./me')} props={{}} />
    case 'inbox':
      return <InboxPage />
    case 'sms-screen':
      return <SmsPage />
    case 'orders':
      if (!second) return <RecordsPage />
      return third === 'sent' ? <SentPage key={second} id={second} /> : <OrderPage key={second} id={second} />
  }
  return (
    <>
      <Heading>{t('name')}</Heading>
      <p>{t('not_found')}</p>
      <a href="#/">{t('to_home')}</a>
    </>
  )
}

function Header({ setLang }: { setLang: (l: Lang) => void }) {
  const t = useSay()
  const { lang, me, service, setMe } = useApp()
  const leave = () => {
    const out = () => {
      setMe(null)
      sessionStorage.clear()
      location.hash = '/'
    }
    Promise.allSettled([...leaving].map((f) => f())).then(() => api.signOut().then(out, out))
  }
  return (
    <header>
      <div class="bar">
        <a class="brand" href="#/">
          {brand(service, lang) || t('name')}
        </a>
        <TypeSize />
        <div class="langs" role="group" aria-label={t('language')}>
          {langs.map((l) => (
            <button type="button" key={l} lang={l} aria-pressed={l === lang} onClick={() => setLang(l)}>
              {langNames[l]}
            </button>
          ))}
        </div>
      </div>
      <nav class="bar" aria-label={t('menu')}>
        <a href="#/">{t('home')}</a>
        <a href="#/orders">{t('records')}</a>
        {me && (
          <a href="#/inbox">
            {t('inbox')}
            {me.unread > 0 && (
              <b class="count">
                {me.unread > 999 ? '999+' : me.unread /* counted to 1,000 */}
                <span class="unseen"> {t('inbox_new')}</span>
              </b>
            )}
          </a>
        )}
        {me === null && <a href="#/sign-in">{t('sign_in')}</a>}
        {me && (
          <button type="button" class="link" onClick={leave}>
            {t('sign_out')}
          </button>
        )}
      </nav>
    </header>
  )
}

function Footer() {
  const t = useSay()
  const { lang, service } = useApp()
  return (
    <footer>
      {service?.demo && (
        <p>
          {t('demo')} {service.sms_screen && <a href="#/sms-screen">{t('demo_sms')}</a>}
        </p>
      )}
      <p>
        <a href="#/complain">{t('complain')}</a>
      </p>
      {service?.hotline && (
        <p>
          {t('hotline')} <a href={'tel:' + service.hotline}>{service.hotline}</a>
        </p>
      )}
      <p>{t('zone', { zone: zoneName(lang) })}</p>
    </footer>
  )
}

const key = 'mingfa.known'

/** Somebody signed in on this device before; who it was, only the cookie tells. */
function known(): boolean {
  try {
    return localStorage.getItem(key) === 'yes'
  } catch {
    return true // no storage: ask
  }
}

function keepKnown(yes: boolean): void {
  try {
    if (yes) localStorage.setItem(key, 'yes')
    else localStorage.removeItem(key)
  } catch {
    // asked for again
  }
}

/** Pages that are for everybody: a first visitor is not asked who he is. */
const forAll = (hash: string) => ['', 'ask'].includes(parse(hash).parts[0] ?? '')

function Root() {
  const [lang, setLangState] = useState<Lang>(chosen)
  const [hash, setHash] = useState(location.hash)
  const [asks, setAsks] = useState(() => known() || !forAll(location.hash))
  const [me, setMe] = useState<Me | null | undefined>(asks ? undefined : null)
  const [service, setService] = useState<Service>()
  api.speak(lang)

  const refresh = async () => {
    try {
      setMe(await api.me())
    } catch (e) {
      if (e instanceof api.Refusal && (e.status === 401 || e.status === 404)) setMe(null)
    }
  }
  useEffect(
    () =>
      onRoute(() => {
        setHash(location.hash)
        scrollTo(0, 0)
      }),
    [],
  )
  useEffect(() => api.onSignedOut(() => setMe(null)), [])
  useEffect(() => {
    if (!asks && !forAll(hash)) {
      setMe((m) => m ?? undefined)
      setAsks(true)
    }
  }, [hash])
  useEffect(() => {
    if (me) setAsks(true)
    if (me || (me === null && asks)) keepKnown(!!me)
  }, [me])
  useEffect(() => {
    if (!asks) return
    void refresh()
    const timer = setInterval(() => document.hidden || void refresh(), 20_000)
    return () => clearInterval(timer)
  }, [asks])
  useEffect(() => {
    document.documentElement.lang = lang
    api.service().then(setService, () => {})
  }, [lang])

  const setLang = (l: Lang) => {
    choose(l)
    api.speak(l)
    setLangState(l)
    // Text messages shall come in the language the person reads.
    if (me) api.changeMe({ language: l }).catch(() => {})
  }
  const shared = useMemo<Shared>(() => ({ lang, me, service, setMe, refresh }), [lang, me, service])
  return (
    <Context.Provider value={shared}>
      <Skip />
      <Header setLang={setLang} />
      <main id="main" tabIndex={-1}>
        <Page hash={hash} />
      </main>
      <Footer />
    </Context.Provider>
  )
}

function Skip() {
  const t = useSay()
  return (
    <a
      class="skip"
      href="#main"
      onClick={(e) => {
        e.preventDefault()
        document.getElementById('main')?.focus()
      }}
    >
      {t('skip')}
    </a>
  )
}

render(<Root />, document.getElementById('app')!)
