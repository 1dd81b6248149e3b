// Which role sees which page. The server decides what a role may read and do;
// this only leaves out what would be refused.

import type { Route } from '../../shared/route'
import type { Me, Role } from '../../shared/types'
import { is, useSay } from './app'
import { CallbackPage } from './callback'
import { CallbacksPage } from './callbacks'
import { ErasePage } from './erase'
import { TodayPage } from './figures'
import { LawyersPage } from './lawyers'
import { OrderPage } from './order'
import { OrdersPage } from './orders'
import { Heading } from './parts'
import { QueuePage } from './queue'
import { ReportsPage } from './reports'
import { TemplatesPage } from './templates'
import type { Key } from './texts'

interface Entry {
  path: string
  name: Key
  roles: Role[]
}

export const entries: Entry[] = [
  { path: '/queue', name: 'nav_queue', roles: ['lawyer'] },
  { path: '/today', name: 'nav_today', roles: ['operations', 'quality', 'bureau'] },
  { path: '/orders', name: 'nav_orders', roles: ['operations', 'quality', 'bureau'] },
  { path: '/callbacks', name: 'nav_callbacks', roles: ['lawyer', 'operations', 'quality'] },
  { path: '/lawyers', name: 'nav_lawyers', roles: ['operations', 'quality', 'bureau'] },
  { path: '/reports', name: 'nav_reports', roles: ['operations', 'quality', 'bureau'] },
  { path: '/templates', name: 'nav_templates', roles: ['administrator', 'operations', 'quality'] },
  { path: '/erase', name: 'nav_erase', roles: ['administrator'] },
]

export const entriesOf = (me: Me): Entry[] => entries.filter((e) => is(me, ...e.roles))

/** The first page of a role. */
export const home = (me: Me): string => entriesOf(me)[0]?.path ?? '/'

export function Page({ route, me }: { route: Route; me: Me }) {
  const t = useSay()
  const [first, second] = route.parts.length ? route.parts : parts(home(me))
  const entry = entriesOf(me).find((e) => e.path === '/' + first)
  if (first === 'orders' && second) {
    return is(me, 'lawyer') && !is(me, 'operations') ? <QueuePage selected={second} /> : <OrderPage key={second} id={second} />
  }
  switch (entry?.path) {
    case '/queue':
      return <QueuePage />
    case '/today':
      return <TodayPage date={route.query.get('date') ?? ''} />
    case '/orders':
      return <OrdersPage query={route.query} />
    case '/callbacks':
      return second ? <CallbackPage key={second} id={second} /> : <CallbacksPage state={route.query.get('state') === 'done' ? 'done' : 'open'} />
    case '/lawyers':
      return <LawyersPage />
    case '/reports':
      return <ReportsPage />
    case '/templates':
      return <TemplatesPage />
    case '/erase':
      return <ErasePage />
  }
  return (
    <>
      <Heading>{t('name')}</Heading>
      <p>{t('not_found')}</p>
    </>
  )
}

const parts = (path: string) => path.split('/').filter(Boolean)
