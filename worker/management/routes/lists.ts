/** The account's lists. */
import { createList, deleteList, getList, listLists, updateList } from '../rules/lists.ts'
import { getBulkOperation } from '../rules/lists/bulk-operations.ts'
import { createItems, deleteItems, getItem, listItems, updateItems } from '../rules/lists/items.ts'
import { A, type Route } from '../route.ts'

const LISTS = `${A}/rules/lists`

export const LIST_ROUTES: readonly Route[] = [
  { path: LISTS, methods: { GET: listLists, POST: createList } },
  { path: `${LISTS}/bulk_operations/:operation_id`, methods: { GET: getBulkOperation } },
  { path: `${LISTS}/:list_id`, methods: { GET: getList, PUT: updateList, DELETE: deleteList } },
  {
    path: `${LISTS}/:list_id/items`,
    methods: { GET: listItems, POST: createItems, PUT: updateItems, DELETE: deleteItems },
  },
  { path: `${LISTS}/:list_id/items/:item_id`, methods: { GET: getItem } },
]
