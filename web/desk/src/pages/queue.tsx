// The lawyer's desk: his queue with the clocks running, the consultation, the person.
// Three panes; at small widths one after another. All of it works by keyboard.

import { lazy, Suspense, useRef, useState } from 'react'
import * as api from '../../../shared/api'
import { go } from '../../../shared/route'
import type { OrderRow } from '../../../shared/types'
import { useLoad, useName, useSay, useWhen } from '../app'
import { Button, Segmented } from '../controls'
import { Clock, Empty, Heading, Loading, Wait } from '../parts'
import { step, useShortcuts } from '../shortcuts'
import type { PageProps } from '.'
import { useWords } from './desktexts'

const OrderPanes = lazy(() => import('./order').then((m) => ({ default: m.OrderPanes })))
const KeysHelp = lazy(() => import('./keyshelp'))

/** Waiting for the lawyer: not answered yet, or asked back with a clock that runs. */
const open = (o: OrderRow) => o.awaiting ?? (o.state === 'waiting' || o.state === 'assigned')

export default function Desk({ route }: PageProps) {
  const selected = route.parts[0] === 'orders' ? route.parts[1] : undefined
  const at = !selected ? 'at-queue' : route.parts[2] === 'person' ? 'at-person' : 'at-talk'
  const [help, setHelp] = useState(false)
  const list = useRef<HTMLElement>(null)
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('a.row') ?? [])]
  const move = (by: 1 | -1) => () => step(rows(), by)
  useShortcuts({
    j: move(1),
    k: move(-1),
    u: () => (selected ? go('/queue') : rows()[0]?.focus()),
    '?': () => setHelp(true),
  })
  return (
    <div className={'panes ' + at}>
      <section
        className="queue-pane"
        aria-labelledby="queue"
        ref={list}
        onKeyDown={(e) => {
          const by = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0
          if (!by || !(e.target as HTMLElement).matches('a.row')) return
          e.preventDefault()
          step(rows(), by)
        }}
      >
        <Queue selected={selected} help={() => setHelp(true)} />
      </section>
      <Suspense fallback={<Loading />}>{selected ? <OrderPanes key={selected} id={selected} back="#/queue" /> : <Nothing />}</Suspense>
      {help && (
        <Suspense>
          <KeysHelp onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  )
}

function Nothing() {
  const t = useSay()
  return (
    <section className="talk-pane nothing">
      <Empty>{t('queue_pick')}</Empty>
    </section>
  )
}

function Queue({ selected, help }: { selected: string | undefined; help: () => void }) {
  const t = useSay()
  const w = useWords()
  const [done, setDone] = useState(false)
  const list = useLoad(['orders', 'queue'], () => api.orders({ limit: 200 }), 5_000)
  return (
    <>
      {selected ? (
        <div className="heading">
          <h2 id="queue">{t('queue_title')}</h2>
        </div>
      ) : (
        <div id="queue">
          <Heading>{t('queue_title')}</Heading>
        </div>
      )}
      <Wait of={list}>
        {({ items }) => {
          const todo = items.filter(open).sort((a, b) => a.answer_by.localeCompare(b.answer_by))
          const shown = done ? items.filter((o) => !open(o)) : todo
          return (
            <>
              <Segmented<'todo' | 'done'>
                block
                className="tabs"
                aria-label={t('filter')}
                value={done ? 'done' : 'todo'}
                onChange={(v) => setDone(v === 'done')}
                options={[
                  { value: 'todo', label: t('queue_open', { n: todo.length }) },
                  { value: 'done', label: t('queue_done') },
                ]}
              />
              {shown.length === 0 && <Empty>{t(done ? 'queue_done_empty' : 'queue_empty')}</Empty>}
              <ul className="rows">
                {shown.map((o) => (
                  <Row key={o.id} o={o} current={o.id === selected} />
                ))}
              </ul>
            </>
          )
        }}
      </Wait>
      <Button type="text" size="small" className="keys-help" aria-haspopup="dialog" onClick={help}>
        <kbd>?</kbd> {w('keys')}
      </Button>
    </>
  )
}

function Row({ o, current }: { o: OrderRow; current: boolean }) {
  const name = useName()
  const time = useWhen()
  const t = useSay()
  return (
    <li>
      <a className="row" href={'#/orders/' + o.id} aria-current={current ? 'true' : undefined}>
        {open(o) ? (
          <Clock due={o.answer_by} level={o.warn_level} />
        ) : (
          <span className="line">
            <span className={'state ' + o.state}>{name('s', o.state)}</span>
            {o.rating_level && <span className="hint">{name('l', o.rating_level)}</span>}
          </span>
        )}
        <strong>{o.title}</strong>
        <span className="hint">
          {o.problem_type.name} · {o.region.name} · <span className="whole">{time(o.asked_at)}</span>
        </span>
        {o.breach && <span className="state bad">{t('breach')}</span>}
      </a>
    </li>
  )
}
