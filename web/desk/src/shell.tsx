// The frame of every page: navigation by what people do, a head with status,
// language and light, and the place for the page. At small widths the navigation
// and all that would not fit lie in a drawer.

import LogoutOutlined from '@ant-design/icons-svg/es/asn/LogoutOutlined'
import MenuFoldOutlined from '@ant-design/icons-svg/es/asn/MenuFoldOutlined'
import MenuOutlined from '@ant-design/icons-svg/es/asn/MenuOutlined'
import MenuUnfoldOutlined from '@ant-design/icons-svg/es/asn/MenuUnfoldOutlined'
import { useEffect, useState, type ReactNode } from 'react'
import * as api from '../../shared/api'
import { langNames, langs, type Lang } from '../../shared/lang'
import { zoneName } from '../../shared/time'
import type { Me } from '../../shared/types'
import { Side } from './above'
import { is, useLang, useName, useSay, useTriple, useVerb } from './app'
import { Button, Segmented } from './controls'
import { Icon } from './icon'
import { entriesOf, groups, type Entry } from './pages'
import { schemes, useNarrow, type Scheme } from './theme'

interface Props {
  me: Me | null
  /** what stands in the address, or the role's first page */
  path: string
  setLang: (l: Lang) => void
  leave: () => void
  scheme: Scheme
  setScheme: (s: Scheme) => void
  children: ReactNode
}

export function Shell(p: Props) {
  const t = useSay()
  const lang = useLang()
  const narrow = useNarrow()
  const [open, setOpen] = useState(false)
  const [folded, setFolded] = useState(foldedBefore)
  useEffect(() => setOpen(false), [p.path])
  const fold = () => {
    keepFolded(!folded)
    setFolded(!folded)
  }
  const side = p.me !== null && !narrow
  return (
    <div className={'shell' + (side ? ' with-side' : '') + (folded ? ' folded' : '')}>
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
      {side && p.me && (
        <aside className="side">
          <Brand folded={folded} />
          <Navigation me={p.me} path={p.path} folded={folded} />
          <Button type="text" className="fold" icon={<Icon of={folded ? MenuUnfoldOutlined : MenuFoldOutlined} />} aria-expanded={!folded} aria-label={t(folded ? 'unfold' : 'fold')} onClick={fold}>
            {folded ? null : t('fold')}
          </Button>
        </aside>
      )}
      <div className="page">
        <header className="head">
          {p.me && narrow && <Button className="open-menu" type="text" icon={<Icon of={MenuOutlined} />} aria-label={t('menu')} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)} />}
          {!side && <Brand />}
          {p.me && !narrow && <Who me={p.me} />}
          <span className="gap" />
          {p.me && is(p.me, 'lawyer') && <Status me={p.me} />}
          {!(p.me && narrow) && <Preferences {...p} />}
        </header>
        <main id="main" tabIndex={-1}>
          {p.children}
        </main>
        <footer className="hint">{t('zone', { zone: zoneName(lang) })}</footer>
      </div>
      {p.me && narrow && (
        <Side open={open} onClose={() => setOpen(false)} title={t('menu')}>
          <Who me={p.me} />
          <Navigation me={p.me} path={p.path} />
          <Preferences {...p} />
        </Side>
      )}
    </div>
  )
}

function Brand({ folded = false }: { folded?: boolean }) {
  const t = useSay()
  return (
    <a className="brand" href="#/" aria-label={'明法 ' + t('name')}>
      <b aria-hidden="true">明法</b> {!folded && <span>{t('name')}</span>}
    </a>
  )
}

function Who({ me }: { me: Me }) {
  const name = useName()
  return (
    <p className="who">
      <b>{me.name}</b> <span className="hint">{[...me.roles.map((r) => name('r', r)), me.org?.name].filter(Boolean).join(' · ')}</span>
    </p>
  )
}

/** Plain links in a list: what a screen reader and a keyboard expect of navigation. */
function Navigation({ me, path, folded = false }: { me: Me; path: string; folded?: boolean }) {
  const t = useSay()
  const say = useTriple()
  const mine = entriesOf(me).filter((e) => !e.hidden)
  const current = here(mine, path)
  return (
    <nav aria-label={t('menu')} className="nav">
      {groups
        .map((g) => ({ ...g, entries: mine.filter((e) => e.group === g.group) }))
        .filter((g) => g.entries.length > 0)
        .map((g) => (
          <section key={g.group} aria-label={say(g.name)}>
            <h2 aria-hidden="true">{folded ? '' : say(g.name)}</h2>
            <ul>
              {g.entries.map((e) => (
                <li key={e.path}>
                  <a href={'#' + e.path} aria-current={e === current ? 'page' : undefined} title={folded ? say(e.name) : undefined}>
                    <Icon of={e.icon} /> <span className={folded ? 'unseen' : undefined}>{say(e.name)}</span>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </nav>
  )
}

/** The entry whose address the path begins with; the longest, so that /reports/due is not /reports. */
const here = (mine: Entry[], path: string): Entry | undefined =>
  mine.filter((e) => path === e.path || path.startsWith(e.path + '/')).sort((a, b) => b.path.length - a.path.length)[0]

function Preferences({ me, setLang, leave, scheme, setScheme }: Props) {
  const t = useSay()
  const lang = useLang()
  return (
    <div className="prefs">
      <div className="langs" role="group" aria-label={t('language')}>
        {langs.map((l) => (
          <Button size="small" type={l === lang ? 'default' : 'text'} key={l} lang={l} aria-pressed={l === lang} onClick={() => setLang(l)}>
            {langNames[l]}
          </Button>
        ))}
      </div>
      <Segmented<Scheme> size="small" className="scheme" aria-label={t('scheme')} value={scheme} onChange={setScheme} options={schemes.map((s) => ({ value: s, label: t(`scheme_${s}`) }))} />
      {me && (
        <Button size="small" type="text" className="sign-out" icon={<Icon of={LogoutOutlined} />} onClick={leave}>
          {t('sign_out')}
        </Button>
      )}
    </div>
  )
}

const statuses = ['online', 'busy', 'away'] as const

/** Online, busy or away: decides whether new orders come. */
function Status({ me }: { me: Me }) {
  const t = useSay()
  const set = useVerb((status: string) => api.setStatus(status))
  const shown = (set.isError ? undefined : set.variables) ?? me.status ?? null
  return (
    <span className="status" aria-busy={set.isPending || undefined}>
      <i className={'dot ' + (shown ?? '')} aria-hidden="true" />
      <select className="input" aria-label={t('status')} value={shown ?? ''} onChange={(e) => set.mutate(e.target.value)}>
        {!shown && (
          <option value="" disabled>
            {t('choose')}
          </option>
        )}
        {statuses.map((s) => (
          <option key={s} value={s}>
            {t(s === 'busy' ? 'busy_status' : s)}
          </option>
        ))}
      </select>
    </span>
  )
}

const key = 'mingfa.folded'

function foldedBefore(): boolean {
  try {
    return localStorage.getItem(key) === 'yes'
  } catch {
    return false
  }
}

function keepFolded(folded: boolean): void {
  try {
    localStorage.setItem(key, folded ? 'yes' : 'no')
  } catch {
    // for this page only
  }
}
