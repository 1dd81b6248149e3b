// Orders that are not counted (T9): reason, person, words; and the way back.

import { useState } from 'react'
import * as api from '../../../shared/api'
import { query } from '../../../shared/api'
import { go } from '../../../shared/route'
import type { Exclusion } from '../../../shared/types'
import { is, useApp, useName, usePages, useVerb, useWhen } from '../app'
import { Button } from '../controls'
import { Choice, Heading, PagedTable, type Column } from '../parts'
import { ReasonDialog } from '../reason'
import type { PageProps } from '.'
import { useWords } from './exclusionstexts'

const reasons = ['test', 'spam', 'duplicate'] as const

export default function ExclusionsPage({ route }: PageProps) {
  const t = useWords()
  const name = useName()
  const time = useWhen()
  const reason = route.query.get('reason') ?? ''
  const list = usePages(['exclusions', reason], (cursor) => api.exclusions({ reason, limit: 50, ...(cursor && { cursor }) }), 10_000)
  const columns: Column<Exclusion>[] = [
    { key: 'number', title: t('number'), cell: (x) => <a href={'#/orders/' + x.id}>{x.number}</a> },
    { key: 'reason', title: t('reason'), cell: (x) => <span className="state closed">{name('x', x.reason)}</span> },
    { key: 'note', title: t('note'), cell: (x) => (x.erased ? t('erased') : x.note) },
    { key: 'by', title: t('by'), cell: (x) => x.by },
    { key: 'at', title: t('at'), cell: (x) => time(x.at) },
    { key: 'do', title: t('do'), cell: (x) => <Back x={x} /> },
  ]
  return (
    <>
      <Heading>{t('title')}</Heading>
      <p>{t('lead')}</p>
      <div className="filters">
        <label htmlFor="x-reason">
          {t('reason')}
          <Choice id="x-reason" value={reason} all={t('all')} options={reasons.map((r) => ({ value: r, label: name('x', r) }))} onChange={(r) => go('/exclusions' + query({ reason: r }))} />
        </label>
      </div>
      <PagedTable of={list} empty={t('empty')} label={t('title')} columns={columns} id={(x) => x.id} />
    </>
  )
}

function Back({ x }: { x: Exclusion }) {
  const t = useWords()
  const { me } = useApp()
  const [open, setOpen] = useState(false)
  const include = useVerb(
    (note: string) => api.include(x.id, note, x.rev),
    () => setOpen(false),
  )
  if (!is(me, 'operations')) return null
  return (
    <>
      <Button size="small" aria-haspopup="dialog" onClick={() => (include.reset(), setOpen(true))}>
        {t('back')}
      </Button>
      {open && <ReasonDialog title={`${t('back')} ${x.number}`} lead={t('lead_back')} label={t('note')} confirm={t('back')} pending={include.isPending} error={include.error} onConfirm={(note) => include.mutate(note)} onClose={() => setOpen(false)} />}
    </>
  )
}
