// The registry of pages: which role sees which, where it stands in the navigation.
// A new page is one line here; its code and words are fetched when it is opened
// (a page's own words: `words` in app.tsx). The server decides what a role may read
// and do; this only leaves out what would be refused.

import AlertOutlined from '@ant-design/icons-svg/es/asn/AlertOutlined'
import AuditOutlined from '@ant-design/icons-svg/es/asn/AuditOutlined'
import BarChartOutlined from '@ant-design/icons-svg/es/asn/BarChartOutlined'
import BookOutlined from '@ant-design/icons-svg/es/asn/BookOutlined'
import CheckSquareOutlined from '@ant-design/icons-svg/es/asn/CheckSquareOutlined'
import ControlOutlined from '@ant-design/icons-svg/es/asn/ControlOutlined'
import DashboardOutlined from '@ant-design/icons-svg/es/asn/DashboardOutlined'
import FileTextOutlined from '@ant-design/icons-svg/es/asn/FileTextOutlined'
import FundOutlined from '@ant-design/icons-svg/es/asn/FundOutlined'
import HistoryOutlined from '@ant-design/icons-svg/es/asn/HistoryOutlined'
import IdcardOutlined from '@ant-design/icons-svg/es/asn/IdcardOutlined'
import InboxOutlined from '@ant-design/icons-svg/es/asn/InboxOutlined'
import KeyOutlined from '@ant-design/icons-svg/es/asn/KeyOutlined'
import LineChartOutlined from '@ant-design/icons-svg/es/asn/LineChartOutlined'
import MessageOutlined from '@ant-design/icons-svg/es/asn/MessageOutlined'
import PercentageOutlined from '@ant-design/icons-svg/es/asn/PercentageOutlined'
import PhoneOutlined from '@ant-design/icons-svg/es/asn/PhoneOutlined'
import ProfileOutlined from '@ant-design/icons-svg/es/asn/ProfileOutlined'
import SnippetsOutlined from '@ant-design/icons-svg/es/asn/SnippetsOutlined'
import SolutionOutlined from '@ant-design/icons-svg/es/asn/SolutionOutlined'
import StopOutlined from '@ant-design/icons-svg/es/asn/StopOutlined'
import SwapOutlined from '@ant-design/icons-svg/es/asn/SwapOutlined'
import TeamOutlined from '@ant-design/icons-svg/es/asn/TeamOutlined'
import UnorderedListOutlined from '@ant-design/icons-svg/es/asn/UnorderedListOutlined'
import UserDeleteOutlined from '@ant-design/icons-svg/es/asn/UserDeleteOutlined'
import { Component, lazy, Suspense, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react'
import type { Triple } from '../../../shared/lang'
import type { Route } from '../../../shared/route'
import type { Me, Role } from '../../../shared/types'
import { is } from '../app'
import type { Drawing } from '../icon'
import { Absent, Broken, Loading } from '../parts'

export type Group = 'service' | 'operations' | 'quality' | 'data' | 'settings'

export const groups: readonly { group: Group; name: Triple }[] = [
  { group: 'service', name: ['服务', '服務', 'Service'] },
  { group: 'operations', name: ['运营', '營運', 'Operations'] },
  { group: 'quality', name: ['质检', '質素檢查', 'Quality'] },
  { group: 'data', name: ['数据', '數據', 'Data'] },
  { group: 'settings', name: ['设置', '設定', 'Settings'] },
]

/** What a page is given: its address, "#/path/part?query". */
export interface PageProps {
  route: Route
}

type Load = () => Promise<{ default: ComponentType<PageProps> }>
const code = (load: Load) => ({ page: lazy(load), load })

export interface Entry {
  /** what the address begins with: "/orders"; the longest that fits wins */
  path: string
  name: Triple
  group: Group
  roles: readonly Role[]
  icon: Drawing
  page: LazyExoticComponent<ComponentType<PageProps>>
  /** fetches the page's code */
  load: Load
  /** has an address, but no place in the navigation */
  hidden?: true
}

const staff = ['operations', 'quality', 'bureau'] as const
const inspectors = ['quality', 'bureau', 'administrator'] as const

/** The order is the order in the navigation; the first of a role is its first page. */
export const entries: readonly Entry[] = [
  { group: 'service', path: '/queue', name: ['我的工单', '我的工單', 'My orders'], roles: ['lawyer'], icon: InboxOutlined, ...code(() => import('./queue')) },
  { group: 'service', path: '/orders', name: ['工单', '工單', 'Order'], roles: ['lawyer'], icon: UnorderedListOutlined, ...code(() => import('./queue')), hidden: true },
  { group: 'service', path: '/saved', name: ['常用语', '常用語', 'Saved replies'], roles: ['lawyer', 'operations', 'administrator'], icon: SnippetsOutlined, ...code(() => import('./savedpage')) },
  { group: 'service', path: '/my-figures', name: ['我的数据', '我的數據', 'My figures'], roles: ['lawyer'], icon: LineChartOutlined, ...code(() => import('./mine')) },
  { group: 'service', path: '/my-card', name: ['我的资料', '我的資料', 'My card'], roles: ['lawyer'], icon: IdcardOutlined, ...code(() => import('./mycard')) },
  { group: 'service', path: '/quality/results', name: ['质检结果', '質素檢查結果', 'My checks'], roles: ['lawyer'], icon: AuditOutlined, ...code(() => import('./results')) },
  { group: 'service', path: '/callbacks', name: ['回访', '回訪', 'Call-backs'], roles: ['lawyer', ...staff], icon: PhoneOutlined, ...code(() => import('./callbacks')) },
  { group: 'operations', path: '/board', name: ['实时看板', '實時看板', 'Live board'], roles: staff, icon: FundOutlined, ...code(() => import('./board')) },
  { group: 'operations', path: '/alarms', name: ['预警', '預警', 'Warnings'], roles: staff, icon: AlertOutlined, ...code(() => import('./alarms')) },
  { group: 'operations', path: '/today', name: ['当日数据', '當日數據', 'Figures of a day'], roles: staff, icon: DashboardOutlined, ...code(() => import('./today')) },
  { group: 'operations', path: '/orders', name: ['全部工单', '全部工單', 'All orders'], roles: staff, icon: UnorderedListOutlined, ...code(() => import('./orders')) },
  { group: 'operations', path: '/archive', name: ['历史工单', '歷史工單', 'Archive'], roles: staff, icon: HistoryOutlined, ...code(() => import('./archive')) },
  { group: 'operations', path: '/complaints', name: ['投诉和建议', '投訴和建議', 'Complaints'], roles: staff, icon: MessageOutlined, ...code(() => import('./complaints')) },
  { group: 'operations', path: '/lawyers', name: ['律师', '律師', 'Lawyers'], roles: staff, icon: TeamOutlined, ...code(() => import('./lawyers')) },
  { group: 'operations', path: '/reports', name: ['报表', '報表', 'Reports'], roles: staff, icon: BarChartOutlined, ...code(() => import('./reports')) },
  { group: 'operations', path: '/exclusions', name: ['剔除', '剔除', 'Left out'], roles: staff, icon: StopOutlined, ...code(() => import('./exclusions')) },
  { group: 'quality', path: '/quality/samples', name: ['质检', '質素檢查', 'Quality check'], roles: inspectors, icon: CheckSquareOutlined, ...code(() => import('./samples')) },
  { group: 'quality', path: '/quality/rates', name: ['差错率和抽样', '差錯率和抽樣', 'Rates and draws'], roles: ['administrator', ...staff], icon: PercentageOutlined, ...code(() => import('./rates')) },
  { group: 'quality', path: '/interventions', name: ['低满意率干预', '低滿意率介入', 'Interventions'], roles: ['administrator', ...staff], icon: SolutionOutlined, ...code(() => import('./interventions')) },
  { group: 'quality', path: '/quality/rules', name: ['质检标准', '質素檢查標準', 'Items and limits'], roles: ['administrator', 'lawyer', ...staff], icon: ProfileOutlined, ...code(() => import('./qualityrules')) },
  { group: 'settings', path: '/settings', name: ['设置', '設定', 'Settings'], roles: ['administrator', ...staff], icon: ControlOutlined, ...code(() => import('./settings')) },
  { group: 'data', path: '/ledgers', name: ['台账', '台帳', 'Ledgers'], roles: staff, icon: BookOutlined, ...code(() => import('./ledgers')) },
  { group: 'data', path: '/exchange', name: ['导入导出', '匯入匯出', 'Import and export'], roles: ['administrator'], icon: SwapOutlined, ...code(() => import('./exchange')) },
  { group: 'settings', path: '/templates', name: ['统一用语', '統一用語', 'Fixed texts'], roles: ['administrator', 'operations', 'quality'], icon: FileTextOutlined, ...code(() => import('./templates')) },
  { group: 'settings', path: '/tokens', name: ['接口令牌', '介面權杖', 'Tokens'], roles: ['administrator'], icon: KeyOutlined, ...code(() => import('./tokens')) },
  { group: 'settings', path: '/erase', name: ['删除个人信息', '刪除個人資料', 'Erasure'], roles: ['administrator'], icon: UserDeleteOutlined, ...code(() => import('./erase')) },
]

/** The entries of a person; of two with one address the later, which shows more. */
export const entriesOf = (me: Me): Entry[] => {
  const mine = entries.filter((e) => is(me, ...e.roles))
  return mine.filter((e, i) => !mine.slice(i + 1).some((other) => other.path === e.path))
}

const firsts: Partial<Record<Role, string>> = { lawyer: '/queue', operations: '/board', quality: '/board', bureau: '/board', administrator: '/settings' }

/** The first page of a person. */
export const home = (me: Me): string => {
  const mine = entriesOf(me)
  const first = me.roles.map((r) => firsts[r]).find((p) => mine.some((e) => e.path === p))
  return first ?? mine.find((e) => !e.hidden)?.path ?? '/'
}

/** The entry an address belongs to; an empty one means the person's first page. */
function entryOf(route: Route, me: Me): Entry | undefined {
  const path = route.parts.length ? route.path : home(me)
  return entriesOf(me)
    .filter((e) => path === e.path || path.startsWith(e.path + '/'))
    .sort((a, b) => b.path.length - a.path.length)[0]
}

/** Fetches the code of a page that is about to be shown; the page itself says so when it can't be had. */
export function fetchPage(route: Route, me: Me): void {
  entryOf(route, me)?.load().catch(() => {})
}

export function Page({ route, me }: { route: Route; me: Me }) {
  const entry = entryOf(route, me)
  if (!entry) return <Absent />
  return (
    <Fence key={entry.path}>
      <Suspense fallback={<Loading />}>
        <entry.page route={route} />
      </Suspense>
    </Fence>
  )
}

/** A page that could not be fetched or broke: said, and the rest of the desk stays. */
class Fence extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }
  static getDerivedStateFromError() {
    return { broken: true }
  }
  override render() {
    return this.state.broken ? <Broken /> : this.props.children
  }
}
