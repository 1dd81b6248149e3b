import type { ReactNode } from 'react'
import * as api from '../../shared/api'
import { langNames, langs, type Lang } from '../../shared/lang'
import { zoneName } from '../../shared/time'
import type { Me } from '../../shared/types'
import { is, useLang, useName, useSay, useVerb } from './app'
import { entriesOf } from './pages'

interface Props {
  me: Me | null
  setLang: (l: Lang) => void
  leave: () => void
  path: string
  children: ReactNode
}

export function Frame({ me, setLang, leave, path, children }: Props) {
  const t = useSay()
  const lang = useLang()
  const name = useName()
  return (
    <>
      <a
        className="skip"
        href="#main"
        onClick={(e) => {
          e.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        {t('skip')}
      </a>
      <header>
        <div className="top">
          <a className="brand" href="#/">
            {t('name')}
          </a>
          {me && (
            <span className="who">
              {me.name} <span className="hint">{me.roles.map((r) => name('r', r)).join(' · ')}</span> <span className="hint">{me.org?.name}</span>
            </span>
          )}
          {me && is(me, 'lawyer') && <Status me={me} />}
          <div className="langs" role="group" aria-label={t('language')}>
            {langs.map((l) => (
              <button type="button" key={l} lang={l} aria-pressed={l === lang} onClick={() => setLang(l)}>
                {langNames[l]}
              </button>
            ))}
          </div>
          {me && (
            <button type="button" className="link" onClick={leave}>
              {t('sign_out')}
            </button>
          )}
        </div>
        {me && (
          <nav aria-label={t('menu')}>
            {entriesOf(me).map((e) => (
              <a key={e.path} href={'#' + e.path} aria-current={path.startsWith(e.path) ? 'page' : undefined}>
                {t(e.name)}
              </a>
            ))}
          </nav>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="hint">{t('zone', { zone: zoneName() })}</footer>
    </>
  )
}

/** Online, busy or away: decides whether new orders come. */
function Status({ me }: { me: Me }) {
  const t = useSay()
  const set = useVerb((status: string) => api.setStatus(status))
  const shown = (set.isError ? undefined : set.variables) ?? me.status ?? ''
  return (
    <label className={'status ' + shown}>
      <span>{t('status')}</span>
      <select value={shown} onChange={(e) => set.mutate(e.target.value)}>
        {!shown && <option value="">{t('choose')}</option>}
        <option value="online">{t('online')}</option>
        <option value="busy">{t('busy_status')}</option>
        <option value="away">{t('away')}</option>
      </select>
    </label>
  )
}
