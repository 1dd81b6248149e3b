// Warnings of operations: who owns which, what happened, and how it ended.

import { Button } from 'antd'
import { useState } from 'react'
import * as api from '../../../shared/api'
import { query } from '../../../shared/api'
import { go } from '../../../shared/route'
import type { Alarm, Said } from '../../../shared/types'
import { is, useApp, useLoad, usePages, useVerb, useWhen, words } from '../app'
import { Choice, Facts, Heading, PagedTable, Wait, type Column } from '../parts'
import { ReasonDialog } from '../reason'
import type { PageProps } from '.'

const useWords = words({
  title: ['预警', '預警', 'Warnings'],
  show: ['显示', '顯示', 'Show'],
  running: ['未解除', '未解除', 'Not resolved'],
  open: ['待认领', '待認領', 'Nobody owns it'],
  acknowledged: ['已认领', '已認領', 'Owned'],
  resolved: ['已解除', '已解除', 'Resolved'],
  all: ['全部', '全部', 'All'],
  mine: ['我认领的', '我認領的', 'Mine'],
  empty: ['没有符合条件的预警。一切正常时这里是空的。', '沒有符合條件的預警。一切正常時這裏是空的。', 'No warnings match. When all is well, nothing stands here.'],
  what: ['预警内容', '預警內容', 'What is wrong'],
  where: ['机构', '機構', 'Organisation'],
  since: ['发出', '發出', 'Since'],
  owner: ['负责人', '負責人', 'Owner'],
  you: ['我', '我', 'you'],
  state: ['状态', '狀態', 'State'],
  do: ['处理', '處理', 'Act'],
  severe: ['已超限', '已超限', 'Past the limit'],
  escalated: ['已上报', '已上報', 'Passed up'],
  ack: ['认领', '認領', 'Acknowledge'],
  take: ['接手', '接手', 'Take over'],
  end: ['解除', '解除', 'Resolve'],
  ack_lead: ['您将成为这条预警的负责人。请写明打算怎样处理。', '您將成為這條預警的負責人。請寫明打算怎樣處理。', 'You become the owner of this warning. Say what you are going to do.'],
  end_lead: ['起因消失时预警会自动解除。若由您解除，请写明处理结果；起因再现会发出新的预警。', '起因消失時預警會自動解除。若由您解除，請寫明處理結果；起因再現會發出新的預警。', 'It resolves by itself when its cause is gone. If you resolve it, say what was done; the cause opens a new one.'],
  words: ['说明', '說明', 'Words'],
  order: ['打开工单 {n}', '開啟工單 {n}', 'Open order {n}'],
  waiting: ['打开等候中的工单', '開啟等候中的工單', 'Open who waits'],
  auto: ['起因消失，自动解除', '起因消失，自動解除', 'Resolved by itself: the cause is gone'],
  by_hand: ['由人解除', '由人解除', 'Resolved by hand'],
  erased: ['已删除', '已刪除', 'erased'],
  history: ['经过', '經過', 'What happened'],
  back: ['全部预警', '全部預警', 'All warnings'],
})

const states = ['running', 'open', 'acknowledged', 'resolved'] as const

export default function AlarmsPage({ route }: PageProps) {
  const id = route.parts[1]
  return id ? <One key={id} id={id} /> : <All state={route.query.get('state') ?? 'running'} mine={route.query.get('mine') ?? ''} />
}

function All({ state, mine }: { state: string; mine: string }) {
  const t = useWords()
  const time = useWhen()
  const shown = state === 'all' ? '' : state
  const list = usePages(['alarms', shown, mine], (cursor) => api.alarms({ state: shown, mine, limit: 50, ...(cursor && { cursor }) }), 5_000)
  const columns: Column<Alarm>[] = [
    { key: 'what', title: t('what'), cell: (a) => <><a href={'#/alarms/' + a.id}>{a.title}</a> {a.number && <small className="hint">{a.number}</small>} {a.severe && <span className="state bad">{t('severe')}</span>}</> },
    { key: 'state', title: t('state'), cell: (a) => <State a={a} /> },
    { key: 'where', title: t('where'), cell: (a) => a.org },
    { key: 'since', title: t('since'), cell: (a) => time(a.opened_at) },
    { key: 'owner', title: t('owner'), cell: (a) => (a.mine ? t('you') : (a.owner ?? '')) },
    { key: 'do', title: t('do'), cell: (a) => <Acts a={a} /> },
  ]
  return (
    <>
      <Heading>{t('title')}</Heading>
      <div className="filters">
        <label htmlFor="a-state">
          {t('show')}
          <Choice
            id="a-state"
            value={mine ? 'mine' : state}
            options={[...states.map((s) => ({ value: s as string, label: t(s) })), { value: 'mine', label: t('mine') }, { value: 'all', label: t('all') }]}
            onChange={(s) => go('/alarms' + query(s === 'mine' ? { state: 'running', mine: 'true' } : { state: s }))}
          />
        </label>
      </div>
      <PagedTable of={list} empty={t('empty')} label={t('title')} columns={columns} id={(a) => a.id} row={(a) => ({ 'data-alarm': a.id, 'data-kind': a.kind, 'data-state': a.state })} />
    </>
  )
}

function State({ a }: { a: Alarm }) {
  const t = useWords()
  return (
    <>
      <span className={'state ' + (a.state === 'open' ? 'waiting' : a.state === 'resolved' ? 'closed' : 'good')}>{t(a.state)}</span> {a.escalated && a.state === 'open' && <span className="state bad">{t('escalated')}</span>}
    </>
  )
}

/** What operations may do with a warning that is not over. */
function Acts({ a }: { a: Alarm }) {
  const t = useWords()
  const { me } = useApp()
  const [asking, setAsking] = useState<'ack' | 'end' | null>(null)
  const act = useVerb(
    (said: string) => (asking === 'end' ? api.resolve : api.acknowledge)(a.id, said, a.rev),
    () => setAsking(null),
  )
  if (a.state === 'resolved' || !is(me, 'operations')) return null
  const ask = (what: 'ack' | 'end') => {
    act.reset()
    setAsking(what)
  }
  return (
    <span className="buttons">
      {!a.mine && (
        <Button size="small" type={a.state === 'open' ? 'primary' : 'default'} data-act="acknowledge" onClick={() => ask('ack')}>
          {t(a.state === 'open' ? 'ack' : 'take')}
        </Button>
      )}
      <Button size="small" data-act="resolve" onClick={() => ask('end')}>
        {t('end')}
      </Button>
      {asking && (
        <ReasonDialog title={a.title} lead={t(asking === 'ack' ? 'ack_lead' : 'end_lead')} label={t('words')} confirm={t(asking === 'ack' ? (a.state === 'open' ? 'ack' : 'take') : 'end')} pending={act.isPending} error={act.error} onConfirm={(said) => act.mutate(said)} onClose={() => setAsking(null)} />
      )}
    </span>
  )
}

function One({ id }: { id: string }) {
  const t = useWords()
  const time = useWhen()
  const alarm = useLoad(['alarm', id], () => api.alarm(id), 5_000)
  const said = (s?: Said) => s && (s.erased ? t('erased') : s.text)
  return (
    <div className="single">
      <p className="backlink">
        <a href="#/alarms">{t('back')}</a>
      </p>
      <Wait of={alarm}>
        {(a) => (
          <>
            <Heading extra={<Acts a={a} />}>{a.title}</Heading>
            <section className="card">
              <Facts
                rows={[
                  [t('state'), <State key="s" a={a} />],
                  [t('where'), a.org],
                  [t('since'), time(a.opened_at)],
                  [t('owner'), a.mine ? t('you') : a.owner],
                  [t('words'), said(a.words)],
                  [t('resolved'), a.resolved_at && `${time(a.resolved_at)} · ${a.resolved_by_hand ? (said(a.result) ?? t('by_hand')) : t('auto')}`],
                ]}
              />
              {a.opens?.kind === 'order' && <p><a href={'#/orders/' + a.opens.id}>{t('order', { n: a.number ?? '' })}</a></p>}
              {a.opens?.kind === 'orders' && <p><a href="#/orders?figure=waiting">{t('waiting')}</a></p>}
            </section>
            <section className="card" aria-labelledby="h">
              <h2 id="h">{t('history')}</h2>
              <ol className="facts">
                {a.history?.map((h, i) => (
                  <li key={i}>
                    <span className="hint">{time(h.at)}</span> {h.sentence} {h.by && <b>{h.by}</b>}
                    {h.words && <p className="quote">{said(h.words)}</p>}
                  </li>
                ))}
              </ol>
            </section>
          </>
        )}
      </Wait>
    </div>
  )
}
