// Orders that are not counted (T9): reason, person, words; and the way back.

import { Button } from 'antd'
import { useState } from 'react'
import * as api from '../../../shared/api'
import { query } from '../../../shared/api'
import { go } from '../../../shared/route'
import type { Exclusion } from '../../../shared/types'
import { is, useApp, useName, usePages, useVerb, useWhen, words } from '../app'
import { Choice, Heading, PagedTable, type Column } from '../parts'
import { ReasonDialog } from '../reason'
import type { PageProps } from '.'

const useWords = words({
  title: ['剔除的工单', '剔除的工單', 'Left out of the figures'],
  lead: ['这些工单不计入统计，但会连同理由列在每份报表里。剔除请在工单页操作。', '這些工單不計入統計，但會連同理由列於每份報表。剔除請在工單頁操作。', 'These orders are not counted, but each report shows them with the reason. To leave one out, open the order.'],
  empty: ['没有剔除的工单。', '沒有剔除的工單。', 'No order is left out.'],
  number: ['工单', '工單', 'Order'],
  reason: ['理由', '理由', 'Reason'],
  note: ['说明', '說明', 'Words'],
  by: ['经办人', '經辦人', 'By'],
  at: ['时间', '時間', 'When'],
  all: ['全部', '全部', 'All'],
  do: ['处理', '處理', 'Act'],
  back: ['重新计入', '重新計入', 'Take back'],
  lead_back: ['工单将重新计入统计；尚未答复的会立即交给律师，计时从提交时算起。', '工單將重新計入統計；尚未答覆的會立即交給律師，計時從提交時算起。', 'The order counts again. If it was not answered it goes to a lawyer at once, and its clock runs from when it was asked.'],
  erased: ['已删除', '已刪除', 'erased'],
})

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
      <Button size="small" onClick={() => (include.reset(), setOpen(true))}>
        {t('back')}
      </Button>
      {open && <ReasonDialog title={`${t('back')} ${x.number}`} lead={t('lead_back')} label={t('note')} confirm={t('back')} pending={include.isPending} error={include.error} onConfirm={(note) => include.mutate(note)} onClose={() => setOpen(false)} />}
    </>
  )
}
