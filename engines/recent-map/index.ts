/** Memories bounded in number. */
export { RecentMap } from './recent-map.ts'
