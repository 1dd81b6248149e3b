// The registry of pages: which role sees which, where it stands in the navigation.
// A new page is one line here; its code and words are fetched when it is opened
// (a page's own words: `words` in app.tsx). The server decides what a role may read
// and do; this only leaves out what would be refused.

import {
  AlertOutlined,
  AuditOutlined,
  BarChartOutlined,
  CheckSquareOutlined,
  ControlOutlined,
  BookOutlined,
  DashboardOutlined,
  FileTextOutlined,
  FundOutlined,
  IdcardOutlined,
  HistoryOutlined,
  InboxOutlined,
  KeyOutlined,
  LineChartOutlined,
  MessageOutlined,
  PercentageOutlined,
  PhoneOutlined,
  ProfileOutlined,
  SnippetsOutlined,
  SolutionOutlined,
  StopOutlined,
  SwapOutlined,
  TeamOutlined,
  UnorderedListOutlined,
  UserDeleteOutlined,
} from '@ant-design/icons'
import { Component, lazy, Suspense, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react'
import type { Triple } from '../../../shared/lang'
import type { Route } from '../../../shared/route'
import type { Me, Role } from '../../../shared/types'
import { is } from '../app'
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

export interface Entry {
  /** what the address begins with: "/orders"; the longest that fits wins */
  path: string
  name: Triple
  group: Group
  roles: readonly Role[]
  icon: ReactNode
  page: LazyExoticComponent<ComponentType<PageProps>>
  /** has an address, but no place in the navigation */
  hidden?: true
}

const staff = ['operations', 'quality', 'bureau'] as const
const inspectors = ['quality', 'bureau', 'administrator'] as const

/** The order is the order in the navigation; the first of a role is its first page. */
export const entries: readonly Entry[] = [
  { group: 'service', path: '/queue', name: ['我的工单', '我的工單', 'My orders'], roles: ['lawyer'], icon: <InboxOutlined />, page: lazy(() => import('./queue')) },
  { group: 'service', path: '/orders', name: ['工单', '工單', 'Order'], roles: ['lawyer'], icon: <UnorderedListOutlined />, page: lazy(() => import('./queue')), hidden: true },
  { group: 'service', path: '/saved', name: ['常用语', '常用語', 'Saved replies'], roles: ['lawyer', 'operations', 'administrator'], icon: <SnippetsOutlined />, page: lazy(() => import('./savedpage')) },
  { group: 'service', path: '/my-figures', name: ['我的数据', '我的數據', 'My figures'], roles: ['lawyer'], icon: <LineChartOutlined />, page: lazy(() => import('./mine')) },
  { group: 'service', path: '/my-card', name: ['我的资料', '我的資料', 'My card'], roles: ['lawyer'], icon: <IdcardOutlined />, page: lazy(() => import('./mycard')) },
  { group: 'service', path: '/quality/results', name: ['质检结果', '質檢結果', 'My checks'], roles: ['lawyer'], icon: <AuditOutlined />, page: lazy(() => import('./results')) },
  { group: 'service', path: '/callbacks', name: ['回访', '回訪', 'Call-backs'], roles: ['lawyer', ...staff], icon: <PhoneOutlined />, page: lazy(() => import('./callbacks')) },
  { group: 'operations', path: '/board', name: ['实时看板', '實時看板', 'Live board'], roles: staff, icon: <FundOutlined />, page: lazy(() => import('./board')) },
  { group: 'operations', path: '/alarms', name: ['预警', '預警', 'Warnings'], roles: staff, icon: <AlertOutlined />, page: lazy(() => import('./alarms')) },
  { group: 'operations', path: '/today', name: ['当日数据', '當日數據', 'Figures of a day'], roles: staff, icon: <DashboardOutlined />, page: lazy(() => import('./today')) },
  { group: 'operations', path: '/orders', name: ['全部工单', '全部工單', 'All orders'], roles: staff, icon: <UnorderedListOutlined />, page: lazy(() => import('./orders')) },
  { group: 'operations', path: '/archive', name: ['历史工单', '歷史工單', 'Archive'], roles: staff, icon: <HistoryOutlined />, page: lazy(() => import('./archive')) },
  { group: 'operations', path: '/complaints', name: ['投诉和建议', '投訴和建議', 'Complaints'], roles: staff, icon: <MessageOutlined />, page: lazy(() => import('./complaints')) },
  { group: 'operations', path: '/lawyers', name: ['律师', '律師', 'Lawyers'], roles: staff, icon: <TeamOutlined />, page: lazy(() => import('./lawyers')) },
  { group: 'operations', path: '/reports', name: ['报表', '報表', 'Reports'], roles: staff, icon: <BarChartOutlined />, page: lazy(() => import('./reports')) },
  { group: 'operations', path: '/exclusions', name: ['剔除', '剔除', 'Left out'], roles: staff, icon: <StopOutlined />, page: lazy(() => import('./exclusions')) },
  { group: 'quality', path: '/quality/samples', name: ['质检', '質素檢查', 'Quality check'], roles: inspectors, icon: <CheckSquareOutlined />, page: lazy(() => import('./samples')) },
  { group: 'quality', path: '/quality/rates', name: ['差错率和抽样', '差錯率和抽樣', 'Rates and draws'], roles: ['administrator', ...staff], icon: <PercentageOutlined />, page: lazy(() => import('./rates')) },
  { group: 'quality', path: '/interventions', name: ['低满意率干预', '低滿意率介入', 'Interventions'], roles: ['administrator', ...staff], icon: <SolutionOutlined />, page: lazy(() => import('./interventions')) },
  { group: 'quality', path: '/quality/rules', name: ['质检标准', '質檢標準', 'Items and limits'], roles: ['administrator', 'lawyer', ...staff], icon: <ProfileOutlined />, page: lazy(() => import('./qualityrules')) },
  { group: 'settings', path: '/settings', name: ['设置', '設定', 'Settings'], roles: ['administrator', ...staff], icon: <ControlOutlined />, page: lazy(() => import('./settings')) },
  { group: 'data', path: '/ledgers', name: ['台账', '台帳', 'Ledgers'], roles: staff, icon: <BookOutlined />, page: lazy(() => import('./ledgers')) },
  { group: 'data', path: '/exchange', name: ['导入导出', '匯入匯出', 'Import and export'], roles: ['administrator'], icon: <SwapOutlined />, page: lazy(() => import('./exchange')) },
  { group: 'settings', path: '/templates', name: ['统一用语', '統一用語', 'Fixed texts'], roles: ['administrator', 'operations', 'quality'], icon: <FileTextOutlined />, page: lazy(() => import('./templates')) },
  { group: 'settings', path: '/tokens', name: ['接口令牌', '介面權杖', 'Tokens'], roles: ['administrator'], icon: <KeyOutlined />, page: lazy(() => import('./tokens')) },
  { group: 'settings', path: '/erase', name: ['删除个人信息', '刪除個人資料', 'Erasure'], roles: ['administrator'], icon: <UserDeleteOutlined />, page: lazy(() => import('./erase')) },
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

export function Page({ route, me }: { route: Route; me: Me }) {
  const path = route.parts.length ? route.path : home(me)
  const entry = entriesOf(me)
    .filter((e) => path === e.path || path.startsWith(e.path + '/'))
    .sort((a, b) => b.path.length - a.path.length)[0]
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
