// Lawyers and their load: who is on duty, how many orders each has in hand.

import * as api from '../../../shared/api'
import { query } from '../../../shared/api'
import { langNames, type Lang } from '../../../shared/lang'
import { go } from '../../../shared/route'
import type { Lawyer } from '../../../shared/types'
import { is, useApp, useLoad, useSay } from '../app'
import { Choice, Empty, Figure, Heading, Table, Wait, type Column } from '../parts'
import type { PageProps } from '.'
import { CardPage } from './card'
import { useWords } from './lawyerstexts'
import { Places } from './regions'

const statuses = ['online', 'busy', 'away'] as const

/** Mean of 1 to 5, and of how many. */
const rating = (l: Lawyer) => (l.rating ? `${(l.rating.points / l.rating.rated).toFixed(1)} (${l.rating.rated})` : '')

/** Satisfied of rated, as a share. */
const satisfied = (l: Lawyer) => (l.rating ? ` · ${((l.rating.satisfied / l.rating.rated) * 100).toFixed(0)} %` : '')

export default function LawyersPage({ route }: PageProps) {
  const id = route.parts[1]
  return id ? <CardPage key={id} id={id} /> : <All route={route} />
}

function All({ route }: PageProps) {
  const { me } = useApp()
  const t = useSay()
  const own = useWords()
  const shown = route.query.get('status') ?? ''
  const list = useLoad(['lawyers'], () => api.lawyers(), 5_000)
  const types = useLoad(['types'], api.problemTypes)
  const area = (code: string) => (code === '*' ? t('all') : (types.data?.items.find((x) => x.code === code)?.name ?? code))
  const word = (s: string) => t(s === 'online' ? 'online' : s === 'busy' ? 'busy_status' : 'away')
  const columns: Column<Lawyer>[] = [
    { key: 'name', title: t('lawyer'), cell: (l) => <>{is(me, 'operations') ? <a href={'#/lawyers/' + l.id}>{l.name}</a> : l.name} <small className="hint">{l.firm}</small></> },
    { key: 'status', title: t('status'), cell: (l) => <span className={'state ' + (l.status === 'online' ? 'answered' : l.status === 'busy' ? 'waiting' : 'closed')}><i className={'dot ' + l.status} aria-hidden="true" />{word(l.status)}</span> },
    { key: 'load', title: t('load'), cell: (l) => l.load, figure: true },
    { key: 'rating', title: t('rating'), cell: (l) => rating(l) + satisfied(l), figure: true },
    { key: 'areas', title: t('areas'), cell: (l) => l.areas.map(area).join(' · ') },
    { key: 'regions', title: t('region'), cell: (l) => <Places of={l.regions} all={t('all')} /> },
    { key: 'languages', title: t('languages'), cell: (l) => l.languages.map((x) => langNames[x as Lang] ?? x).join(' · ') },
  ]
  return (
    <>
      <Heading>{t('lawyers_title')}</Heading>
      <Wait of={list}>
        {({ items }) => {
          const online = items.filter((l) => l.status === 'online')
          const load = (of: Lawyer[]) => of.reduce((n, l) => n + l.load, 0)
          const rows = shown ? items.filter((l) => l.status === shown) : items
          return (
            <>
              <div className="figures">
                {statuses.map((s) => (
                  <Figure key={s} label={word(s)} value={items.filter((l) => l.status === s).length} href={'#/lawyers?status=' + s} />
                ))}
                <Figure label={own('orders')} value={load(items)} />
                <Figure label={own('mean')} value={online.length ? (load(online) / online.length).toFixed(1) : t('na')} />
              </div>
              <div className="filters">
                <label htmlFor="l-status">
                  {t('status')}
                  <Choice id="l-status" value={shown} all={t('all')} options={statuses.map((s) => ({ value: s, label: word(s) }))} onChange={(status) => go('/lawyers' + query({ status }))} />
                </label>
              </div>
              {rows.length === 0 ? <Empty>{t('lawyers_empty')}</Empty> : <Table label={t('lawyers_title')} columns={columns} rows={[...rows].sort((a, b) => b.load - a.load)} id={(l) => l.id} />}
            </>
          )
        }}
      </Wait>
    </>
  )
}
