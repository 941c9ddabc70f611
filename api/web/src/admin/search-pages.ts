interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

interface Search<Item> {
  cursor?: string;
  /** Asks the API for a page of {@link API_PAGE}. */
  fetchPage: (page: { cursor?: string; limit: number }) => Promise<Page<Item>>;
  matches: (item: Item) => boolean;
  /** Whether this one and all that follow are beyond what is looked for. */
  isBeyond?: (item: Item) => boolean;
}

const API_PAGE = 100;
/** One press of a button asks for this many pages at most. */
export const MOST_PAGES = 5;
const ENOUGH = 20;

/**
 * Looks through a list that the API does not filter by what is asked, page by page, until enough is found, the list ends,
 * or it has looked far for one time; `next_cursor` goes on from there.
 */
export async function searchPages<Item>({
  cursor,
  fetchPage,
  matches,
  isBeyond = () => false,
}: Search<Item>): Promise<Page<Item>> {
  const found: Item[] = [];
  let next = cursor ?? null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await fetchPage({ ...(next === null ? {} : { cursor: next }), limit: API_PAGE });
    const end = page.items.findIndex(isBeyond);
    found.push(...(end === -1 ? page.items : page.items.slice(0, end)).filter(matches));
    next = end === -1 ? (page.next_cursor ?? null) : null;
    if (next === null || found.length >= ENOUGH) break;
  }
  return { items: found, next_cursor: next };
}
